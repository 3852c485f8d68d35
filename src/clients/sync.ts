/** Making clients hold what the mapping says. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { detect } from './detect.ts';
import { editClient, previewEdit, readInventory } from './edit.ts';
import { getClient } from './lookup.ts';
import { readMapping } from './mapping.ts';
import type { Plan } from './plan.ts';
import type { Inventory, Selection } from './selection.ts';

/** What a sync did, or would do, to one client. */
export interface Synced {
  readonly client: string;
  /** The edit; absent where there was none to make. */
  readonly plan?: Plan;
  /** Names the mapping has that are gone: taken out of the client. */
  readonly gone: readonly string[];
  /** Why the client was passed over. */
  readonly skipped?: string;
  /** Why its file could not be edited. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/**
 * Make clients hold what the mapping says; each client for itself, so that one with trouble does not keep the others back.
 * @param options.clients Only these; all of the mapping unless told.
 * @param options.dryRun Plan only.
 * @throws McpmError `NOT_FOUND` for an unknown client, or one that the mapping does not have.
 */
export async function syncClients(
  ctx: Context,
  options: { readonly clients?: readonly string[]; readonly dryRun?: boolean } = {},
): Promise<Synced[]> {
  const mapping = await readMapping(ctx);
  const named = options.clients ?? [];
  for (const client of named) {
    if (mapping[getClient(client).key] !== undefined) continue;
    throw new McpmError('NOT_FOUND', `Nothing is stored for ${client}`, {
      hint: `Choose what it holds: mcpm client edit ${client}`,
      data: { client },
    });
  }
  const clients = named.length > 0 ? named : Object.keys(mapping);
  const inventory = await readInventory(ctx);
  const synced: Synced[] = [];
  for (const client of clients) {
    const held = mapping[client];
    const forced = named.length > 0;
    if (held) synced.push(await syncOne(ctx, client, held, inventory, { ...options, forced }));
  }
  return synced;
}

async function syncOne(
  ctx: Context,
  client: string,
  held: Selection,
  inventory: Inventory,
  options: { readonly dryRun?: boolean; readonly forced: boolean },
): Promise<Synced> {
  const servers = held.servers.filter((name) => inventory.servers[name] !== undefined);
  const known = new Set(inventory.profiles.map(({ name }) => name));
  const profiles = held.profiles.filter((name) => known.has(name));
  const gone = [...held.servers, ...held.profiles].filter(
    (name) => !servers.includes(name) && !profiles.includes(name),
  );
  try {
    const row = getClient(client);
    if (!options.forced && (await detect(ctx, row)) === undefined)
      return { client, gone, skipped: 'it is not on this machine' };
    const wish = { servers: { set: servers }, profiles: { set: profiles } };
    const edit = options.dryRun ? previewEdit : editClient;
    return { client, gone, plan: await edit(ctx, row, wish, { native: held.native }) };
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    return { client, gone, problem: { code: error.code, message: error.message } };
  }
}
