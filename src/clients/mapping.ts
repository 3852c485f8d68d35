/** `clients.json`: what each client is to hold. Every edit of a client's own file writes it; `client sync` carries it out. */
import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { asRecord, asTexts, jsonStore } from '../platform/store.ts';
import type { Selection } from './selection.ts';

/** Client → what it is to hold. */
export type Mapping = Readonly<Record<string, Selection>>;

function store(ctx: Context) {
  return jsonStore<Mapping>(ctx.paths.clients, {
    empty: () => ({}),
    decode: (json) =>
      Object.fromEntries(
        Object.entries(asRecord(json, [], 'an object of clients')).map(([client, value]) => {
          const fields = asRecord(value, [client], 'what a client holds (an object)');
          const servers = asTexts(fields.servers, [client, 'servers']);
          const profiles = asTexts(fields.profiles, [client, 'profiles']);
          const native = asTexts(fields.native, [client, 'native']);
          return [client, { ...fields, servers, profiles, native }];
        }),
      ),
    encode: (mapping) => mapping,
  });
}

/** What every client is to hold. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE`, `CONFIG_ACCESS`. */
export function readMapping(ctx: Context): Promise<Mapping> {
  return store(ctx).read();
}

/** Remember what a client is to hold; one that is to hold nothing is forgotten. @throws McpmError as {@link readMapping}. */
export async function remember(ctx: Context, client: string, held: Selection): Promise<void> {
  await store(ctx).update((mapping) => {
    const { [client]: old, ...others } = mapping;
    const nothing = held.servers.length + held.profiles.length === 0;
    if (nothing) return old === undefined ? mapping : others;
    const fresh = { ...old, ...held };
    return isDeepStrictEqual(old, fresh) ? mapping : { ...mapping, [client]: fresh };
  });
}
