/**
 * Virtual profiles: a profile is a tag on servers, with metadata beside it. It exists when it has metadata or when any
 * server bears its tag.
 */
import {
  type ProfileMetadata,
  pick,
  readServers,
  type Server,
  type Servers,
  updateServers,
  validateName,
} from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { asRecord, type JsonStore, jsonStore } from '../platform/store.ts';
import { didYouMean } from '../platform/suggest.ts';

/** A profile and who is in it. */
export interface Profile {
  readonly name: string;
  readonly description: string | null;
  /** The names of its servers, in the order of the configuration. */
  readonly servers: readonly string[];
}

/** What to change in a profile; what is absent stays. */
export interface ProfileChange {
  /** A new name. */
  readonly name?: string | undefined;
  /** A new description; an empty one removes it. */
  readonly description?: string | undefined;
  /** Exactly these servers. */
  readonly set?: readonly string[] | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

type Metadata = Readonly<Record<string, Partial<ProfileMetadata> & Record<string, unknown>>>;

function store(ctx: Context): JsonStore<Metadata> {
  return jsonStore(ctx.paths.profiles, {
    empty: () => Object.create(null),
    decode: (json) => {
      const all = asRecord(json, [], 'an object of profiles');
      for (const [name, value] of Object.entries(all))
        asRecord(value, [name], 'a profile (an object)');
      return all as Metadata;
    },
    encode: (all) => all,
  });
}

/** All profiles, by name. */
export async function listProfiles(ctx: Context): Promise<Profile[]> {
  const [metadata, servers] = await Promise.all([store(ctx).read(), readServers(ctx)]);
  const tags = Object.values(servers).flatMap((server) => server.profile_tags);
  return [...new Set([...Object.keys(metadata), ...tags])]
    .sort()
    .map((name) => profileOf(name, metadata, servers));
}

/** The names of all profiles, sorted. */
export async function profileNames(ctx: Context): Promise<string[]> {
  return (await listProfiles(ctx)).map(({ name }) => name);
}

/** One profile. @throws McpmError `NOT_FOUND` with the nearest names, `INVALID_INPUT` for a name no profile can have. */
export async function getProfile(ctx: Context, name: string): Promise<Profile> {
  const profiles = await listProfiles(ctx);
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile) return profile;
  throw missing(name, profiles);
}

/** The servers of a profile, in the order of the configuration. @throws McpmError `NOT_FOUND`. */
export async function serversOfProfile(ctx: Context, name: string): Promise<Server[]> {
  const servers = await readServers(ctx);
  const members = Object.values(servers).filter((server) => server.profile_tags.includes(name));
  if (members.length === 0) await getProfile(ctx, name);
  return members;
}

/**
 * Create a profile without servers.
 * @param options.force One of the same name is emptied and described anew.
 * @throws McpmError `CONFLICT` when it exists, `INVALID_INPUT` for a bad name.
 */
export async function createProfile(
  ctx: Context,
  name: string,
  options: { readonly description?: string | undefined; readonly force?: boolean } = {},
): Promise<Profile> {
  validateName('profile', name);
  if (!options.force) assertFree(name, await listProfiles(ctx));
  await store(ctx).update((all) => {
    if (!options.force && all[name] !== undefined) throw taken(name);
    const description = options.description || all[name]?.description || null;
    return { ...all, [name]: { ...blank(name), ...all[name], description } };
  });
  if (options.force) await retag(ctx, (server) => without(server, name));
  return getProfile(ctx, name);
}

/**
 * Change a profile: rename, describe, set, add, remove. All names are checked before anything is written.
 * @throws McpmError `NOT_FOUND` for an unknown profile or server, `CONFLICT` when the new name is taken.
 */
export async function changeProfile(
  ctx: Context,
  name: string,
  change: ProfileChange,
): Promise<Profile> {
  const profiles = await listProfiles(ctx);
  if (!profiles.some((profile) => profile.name === name)) throw missing(name, profiles);
  const target = change.name ?? name;
  if (target !== name) {
    validateName('profile', target);
    assertFree(target, profiles);
  }
  await updateServers(ctx, (servers) => {
    const named = [...(change.set ?? []), ...(change.add ?? []), ...(change.remove ?? [])];
    for (const server of named) pick(servers, server);
    return mapServers(servers, (server) => applyChange(server, name, target, change));
  });
  await store(ctx).update((all) => {
    const { [name]: old, ...rest } = all;
    const description =
      change.description === undefined ? (old?.description ?? null) : change.description || null;
    return { ...rest, [target]: { ...blank(target), ...old, name: target, description } };
  });
  return getProfile(ctx, target);
}

/** Delete a profile: its servers lose the tag and stay. @throws McpmError `NOT_FOUND`. */
export async function deleteProfile(ctx: Context, name: string): Promise<Profile> {
  const profile = await getProfile(ctx, name);
  await retag(ctx, (server) => without(server, name));
  await store(ctx).update((all) => {
    const { [name]: gone, ...rest } = all;
    return gone === undefined ? all : rest;
  });
  return profile;
}

function applyChange(server: Server, name: string, target: string, change: ProfileChange): Server {
  const listed = (names: readonly string[] | undefined) => names?.includes(server.name) === true;
  const was = server.profile_tags.includes(name);
  const kept = change.set === undefined ? was : listed(change.set);
  const is = (kept || listed(change.add)) && !listed(change.remove);
  if (is === was && (!was || target === name)) return server;
  const tags = server.profile_tags.filter((tag) => tag !== name && tag !== target);
  return { ...server, profile_tags: is ? [...tags, target] : tags };
}

function retag(ctx: Context, change: (server: Server) => Server) {
  return updateServers(ctx, (servers) => mapServers(servers, change));
}

function mapServers(servers: Servers, change: (server: Server) => Server): Servers {
  let changed = false;
  const entries = Object.entries(servers).map(([name, server]) => {
    const after = change(server);
    changed ||= after !== server;
    return [name, after] as const;
  });
  return changed ? Object.fromEntries(entries) : servers;
}

function without(server: Server, tag: string): Server {
  if (!server.profile_tags.includes(tag)) return server;
  return { ...server, profile_tags: server.profile_tags.filter((other) => other !== tag) };
}

function profileOf(name: string, metadata: Metadata, servers: Servers): Profile {
  const members = Object.values(servers).filter((server) => server.profile_tags.includes(name));
  return {
    name,
    description: metadata[name]?.description ?? null,
    servers: members.map((server) => server.name),
  };
}

function blank(name: string): ProfileMetadata {
  return { name, api_key: null, description: null };
}

function assertFree(name: string, profiles: readonly Profile[]): void {
  if (profiles.some((profile) => profile.name === name)) throw taken(name);
}

function taken(name: string): McpmError {
  return new McpmError('CONFLICT', `A profile called ${JSON.stringify(name)} exists already`, {
    hint: 'Choose another name; mcpm profile create --force empties the one that is there.',
    data: { profile: name },
  });
}

function missing(name: string, profiles: readonly Profile[]): McpmError {
  validateName('profile', name);
  const names = profiles.map((profile) => profile.name);
  return new McpmError('NOT_FOUND', `No profile is called ${JSON.stringify(name)}`, {
    hint: didYouMean(
      name,
      names,
      `Create it: mcpm profile create ${name}; what is there: mcpm profile ls`,
    ),
    data: { profile: name },
  });
}
