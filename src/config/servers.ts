/** `servers.json`: every server there is, as MCPM v2 stores them. Fields this program does not know are kept. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import {
  asRecord,
  asText,
  asTextRecord,
  asTexts,
  type JsonStore,
  jsonStore,
  ShapeError,
} from '../platform/store.ts';
import { didYouMean } from '../platform/suggest.ts';
import type { Server } from './types.ts';

/** Server name → server, in the order of the file. */
export type Servers = Readonly<Record<string, Server>>;

/** What each server looked like in the file, so that an untouched one is written back as it was. */
const originals = new WeakMap<Server, unknown>();

function store(ctx: Context): JsonStore<Servers> {
  return jsonStore(ctx.paths.servers, { empty: () => Object.create(null), decode, encode });
}

/** All servers. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE`, `CONFIG_ACCESS`. */
export function readServers(ctx: Context): Promise<Servers> {
  return store(ctx).read();
}

/** One server. @throws McpmError `NOT_FOUND` with the nearest names, `INVALID_INPUT` for a name no server can have. */
export async function getServer(ctx: Context, name: string): Promise<Server> {
  return pick(await readServers(ctx), name);
}

/** A server of a map that was read. @throws McpmError as {@link getServer}. */
export function pick(servers: Servers, name: string): Server {
  const server = servers[name];
  if (server !== undefined) return server;
  validateServerName(name);
  const names = Object.keys(servers);
  throw new McpmError('NOT_FOUND', `No server is called ${JSON.stringify(name)}`, {
    hint: didYouMean(name, names, `Install it: mcpm install ${name}; what is there: mcpm ls`),
    data: { server: name },
  });
}

/**
 * Change the servers under the file's lock: `change` gets all of them and returns all of them, changed.
 * @throws McpmError as {@link readServers}, and `CONFIG_LOCKED`.
 */
export function updateServers(
  ctx: Context,
  change: (servers: Servers) => Servers | Promise<Servers>,
): Promise<Servers> {
  return store(ctx).update(async (servers) => {
    const after = await change(servers);
    return after === servers ? servers : Object.assign(Object.create(null), after);
  });
}

/**
 * Check a name for a new server: letters, digits, `.`, `_`, `-`, at most 100, beginning with a letter or a digit, no `..`.
 * Such a name is safe as a file name, in a URL, and on a command line of every system.
 * @throws McpmError `INVALID_INPUT`.
 */
export function validateServerName(name: string): void {
  validateName('server', name);
}

/** The same rule for anything that is named by a person. @throws McpmError `INVALID_INPUT`. */
export function validateName(what: string, name: string): void {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}…` : name);
  const complain = (reason: string) => {
    throw new McpmError('INVALID_INPUT', `${shown} cannot be the name of a ${what}: ${reason}`, {
      hint: 'Use letters, digits, ".", "_" and "-", beginning with a letter or a digit, at most 100 of them.',
      data: { [what]: name.slice(0, 200) },
    });
  };
  if (name === '') complain('it is empty');
  if (name.length > 100) complain(`it has ${name.length} characters`);
  if (name.includes('..')) complain('it contains ".."');
  const stray = /[^A-Za-z0-9._-]/u.exec(name)?.[0];
  if (stray !== undefined) complain(`it contains ${JSON.stringify(stray)}`);
  if (!/^[A-Za-z0-9]/.test(name)) complain(`it begins with ${JSON.stringify(name[0])}`);
}

function decode(json: unknown): Servers {
  const servers: Record<string, Server> = Object.create(null);
  for (const [name, value] of Object.entries(asRecord(json, [], 'an object of servers'))) {
    const server = decodeServer(name, value);
    originals.set(server, value);
    servers[name] = server;
  }
  return servers;
}

function encode(servers: Servers): unknown {
  return Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, originals.get(server) ?? server]),
  );
}

function decodeServer(name: string, value: unknown): Server {
  const fields = { ...asRecord(value, [name], 'a server (an object)') };
  const profile_tags = asTexts(fields.profile_tags, [name, 'profile_tags']);
  const common = { ...fields, name, profile_tags };
  if (fields.command !== undefined && fields.command !== null) {
    const command = asText(fields.command, [name, 'command']);
    const args = asTexts(fields.args, [name, 'args']);
    return { ...common, command, args, env: asTextRecord(fields.env, [name, 'env']) };
  }
  if (fields.url !== undefined && fields.url !== null) {
    const url = asText(fields.url, [name, 'url']);
    return { ...common, url, headers: asTextRecord(fields.headers, [name, 'headers']) };
  }
  if (fields.config !== undefined)
    return { ...common, config: asRecord(fields.config, [name, 'config']) };
  throw new ShapeError([name], 'a server: an object with a command, a url or a config');
}
