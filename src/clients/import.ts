/** Taking over what clients have: servers stored, secrets moved, a profile made, entries replaced; each as asked. */
import { addable, type Server, updateServers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { didYouMean } from '../platform/suggest.ts';
import { createProfile, listProfiles } from '../profiles/index.ts';
import { openSecrets, secretReference } from '../secrets/index.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { detect } from './detect.ts';
import { readInventory } from './edit.ts';
import { CLIENT_KEYS } from './keys.ts';
import { getClient, type Where } from './lookup.ts';
import { type Replacement, type ReplaceOptions, replaceEntries } from './replace.ts';
import { openSecretsOf, withReferences } from './secret-parts.ts';
import { type ClientState, readClient } from './state.ts';
import type { ClientRow } from './types.ts';

/** A client whose file could not be read. */
export interface Unread {
  readonly client: string;
  readonly message: string;
}

/** What may be imported, and from where it could not be told. */
export interface Importable {
  readonly candidates: readonly Candidate[];
  readonly unread: readonly Unread[];
}

/**
 * What clients have that is not MCPM's.
 * @param rows One client; all that are on this machine when empty, a file of which that cannot be read is told, not thrown.
 * @throws McpmError as `readClient` for one client.
 */
export async function readImportable(
  ctx: Context,
  rows: readonly ClientRow[],
  options: Where & { readonly force?: boolean } = {},
): Promise<Importable> {
  const { servers } = await readInventory(ctx);
  if (rows.length > 0) {
    const states = await Promise.all(rows.map((row) => readClient(ctx, row, options)));
    return { candidates: candidatesOf(states, servers, options), unread: [] };
  }
  const states: ClientState[] = [];
  const unread: Unread[] = [];
  for (const row of CLIENT_KEYS.map(getClient)) {
    if ((await detect(ctx, row)) === undefined) continue;
    try {
      const state = await readClient(ctx, row);
      if (!states.some(({ file }) => file === state.file)) states.push(state);
    } catch (error) {
      if (!(error instanceof McpmError)) throw error;
      unread.push({ client: row.key, message: error.message });
    }
  }
  return { candidates: candidatesOf(states, servers, options), unread };
}

/** The candidates of these entries. @throws McpmError `NOT_FOUND` with the nearest. */
export function chosen(candidates: readonly Candidate[], names: readonly string[]): Candidate[] {
  const known = candidates.flatMap(({ name, origins }) => [
    name,
    ...origins.map(({ entry }) => entry),
  ]);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new McpmError('NOT_FOUND', `There is no entry ${JSON.stringify(name)} to import`, {
      hint: didYouMean(
        name,
        known,
        `What there is: ${[...new Set(known)].join(', ') || 'nothing'}`,
      ),
      data: { entry: name },
    });
  }
  return candidates.filter(
    ({ name, origins }) =>
      names.includes(name) || origins.some(({ entry }) => names.includes(entry)),
  );
}

/** What to do besides storing the servers. */
export interface ImportOptions extends Omit<ReplaceOptions, 'dryRun'> {
  /** Secrets go to the store of secrets, the configuration refers to them. */
  readonly moveSecrets?: boolean;
  /** Put the servers into this profile; it is made when there is none. */
  readonly profile?: string | undefined;
  /** Put MCPM's entries in the place of the imported ones. */
  readonly replace?: boolean;
  /** Servers of the same name may be replaced, and entries of the name of MCPM's written over. */
  readonly force?: boolean;
}

/** What an import did. */
export interface Imported {
  /** Names of the servers that were stored. */
  readonly servers: readonly string[];
  /** Where secrets went, when there were any to move. */
  readonly secretsIn: 'keychain' | 'file' | undefined;
  /** The files whose entries were replaced. */
  readonly replaced: readonly Replacement[];
}

/**
 * Import candidates. The clients' files come last, and whether they can be written is looked at first.
 * @throws McpmError `CONFLICT`, `INVALID_INPUT` for the profile's name, `SECRET`, `CONFIG_*`, `EDIT_REFUSED`.
 */
export async function importCandidates(
  ctx: Context,
  candidates: readonly Candidate[],
  options: ImportOptions = {},
): Promise<Imported> {
  const { profile } = options;
  if (options.replace) await replaceEntries(ctx, candidates, { ...options, dryRun: true });
  if (profile !== undefined && !(await profileExists(ctx, profile)))
    await createProfile(ctx, profile);
  const fresh = candidates.filter(({ same }) => same === undefined);
  const secretsIn = options.moveSecrets ? await moveSecrets(ctx, fresh) : undefined;
  const stored = fresh.map((one) => (options.moveSecrets ? withoutSecrets(one) : one.server));
  await updateServers(ctx, (all) => {
    const added = stored.map(
      (server) =>
        [server.name, addable(all[server.name], server as never, options.force === true)] as const,
    );
    const next = { ...all, ...Object.fromEntries(added) };
    if (profile === undefined) return added.length === 0 ? all : next;
    return {
      ...next,
      ...Object.fromEntries(
        candidates.map(({ name }) => [name, tagged(next[name] as Server, profile)]),
      ),
    };
  });
  const replaced = options.replace ? await replaceEntries(ctx, candidates, options) : [];
  return { servers: fresh.map(({ name }) => name), secretsIn, replaced };
}

async function profileExists(ctx: Context, profile: string): Promise<boolean> {
  return (await listProfiles(ctx)).some(({ name }) => name === profile);
}

function tagged(server: Server, profile: string): Server {
  if (server.profile_tags.includes(profile)) return server;
  return { ...server, profile_tags: [...server.profile_tags, profile] };
}

function secretName(server: string, variable: string): string {
  return `${server}/${variable.replace('?', '').replace(/[^A-Za-z0-9._:@/-]/g, '_')}`;
}

async function moveSecrets(ctx: Context, candidates: readonly Candidate[]) {
  const found = candidates.flatMap(({ name, server }) =>
    Object.entries(openSecretsOf(server)).map(
      ([variable, value]) => [secretName(name, variable), value] as const,
    ),
  );
  if (found.length === 0) return undefined;
  const store = await openSecrets(ctx);
  for (const [name, value] of found) await store.set(name, value);
  return store.backend;
}

/** The server with references in the place of its secrets. */
function withoutSecrets({ name, server }: Candidate): Server {
  return withReferences(server, (variable) => secretReference(secretName(name, variable)));
}
