/** What a client has: of MCPM's, of the person's own, and of what is gone. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { detect } from './detect.ts';
import type { ClientKey } from './keys.ts';
import type { Where } from './lookup.ts';
import type { Target } from './ownership.ts';
import type { Inventory } from './selection.ts';
import { readClient } from './state.ts';
import type { ClientRow } from './types.ts';

/** A client as lists show it. */
export interface ClientStatus {
  readonly client: ClientKey;
  readonly title: string;
  /** The path that shows it is installed; `null` when there is no trace of it. */
  readonly detected: string | null;
  /** Its file; `null` when it has none here. */
  readonly file: string | null;
  readonly servers: readonly string[];
  readonly profiles: readonly string[];
  /** Names of entries that are the person's own. */
  readonly others: readonly string[];
  /** MCPM's entries whose server or profile is gone. */
  readonly drift: readonly (Target & { readonly entry: string })[];
  /** MCPM's entries that are switched off in the client. */
  readonly disabled: readonly string[];
  /** Why the file could not be read. */
  readonly problem?: string;
}

/** The status of one client. A file that cannot be read is a problem of that client, not a failure. */
export async function statusOf(
  ctx: Context,
  row: ClientRow,
  inventory: Inventory,
  where: Where = {},
): Promise<ClientStatus> {
  const detected = (await detect(ctx, row)) ?? null;
  const blank = { servers: [], profiles: [], others: [], drift: [], disabled: [] };
  const head = { client: row.key, title: row.title, detected };
  try {
    const { file, entries } = await readClient(ctx, row, where);
    const own = entries.flatMap(({ name, target, entry }) =>
      target ? [{ name, target, disabled: entry?.disabled === true }] : [],
    );
    const names = (kind: Target['kind']) =>
      own.filter(({ target }) => target.kind === kind).map(({ target }) => target.name);
    return {
      ...head,
      file,
      servers: names('server'),
      profiles: names('profile'),
      others: entries.filter(({ target }) => target === undefined).map(({ name }) => name),
      drift: own.flatMap(({ name, target }) =>
        isThere(target, inventory) ? [] : [{ entry: name, ...target }],
      ),
      disabled: own.filter(({ disabled }) => disabled).map(({ name }) => name),
    };
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    const file = typeof error.data?.file === 'string' ? error.data.file : null;
    return { ...head, ...blank, file, problem: error.message };
  }
}

function isThere({ kind, name }: Target, { servers, profiles }: Inventory): boolean {
  return kind === 'server'
    ? servers[name] !== undefined
    : profiles.some((profile) => profile.name === name);
}
