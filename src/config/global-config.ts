/** The library's face of the global configuration. */
import { type Context, type ContextOverrides, createContext } from '../context.ts';
import { McpmError } from '../errors.ts';
import { getServer, pick, readServers, updateServers, validateServerName } from './servers.ts';
import type { CustomServer, RemoteServer, Server, StdioServer } from './types.ts';

type New<S> = Omit<S, 'profile_tags'> & Partial<Pick<S, Extract<'profile_tags', keyof S>>>;

/** A server to add: name and how it is reached; tags, arguments, environment and headers may be left out. */
export type NewServer =
  | (Omit<New<StdioServer>, 'args' | 'env'> & Partial<Pick<StdioServer, 'args' | 'env'>>)
  | (Omit<New<RemoteServer>, 'headers'> & Partial<Pick<RemoteServer, 'headers'>>)
  | New<CustomServer>;

/** All servers of this user, in one file that several processes may change at once. */
export class GlobalConfigManager {
  readonly #ctx: Context;

  /** @param world Parts of the world to replace: `home`, `env`, `platform` …; the process's own by default. */
  constructor(world: ContextOverrides = {}) {
    this.#ctx = createContext(world);
  }

  /**
   * Add a server.
   * @param options.force Replace one of the same name (its profile tags stay unless new ones are given).
   * @returns The server as it is stored.
   * @throws McpmError `CONFLICT` when the name is taken, `INVALID_INPUT` for a bad name.
   */
  async addServer(server: NewServer, options: { readonly force?: boolean } = {}): Promise<Server> {
    const servers = await updateServers(this.#ctx, (all) => ({
      ...all,
      [server.name]: addable(all[server.name], server, options.force === true),
    }));
    return pick(servers, server.name);
  }

  /** All servers, in the order of the file. */
  async listServers(): Promise<Server[]> {
    return Object.values(await readServers(this.#ctx));
  }

  /** One server. @throws McpmError `NOT_FOUND`. */
  getServer(name: string): Promise<Server> {
    return getServer(this.#ctx, name);
  }

  /** Remove a server. @throws McpmError `NOT_FOUND`. */
  async removeServer(name: string): Promise<void> {
    await updateServers(this.#ctx, (all) => {
      pick(all, name);
      const { [name]: _, ...rest } = all;
      return rest;
    });
  }
}

/**
 * What is stored for a new server: complete, with the tags of the one it replaces.
 * @throws McpmError `CONFLICT` when there is one and it may not be replaced, `INVALID_INPUT` for a bad name.
 */
export function addable(existing: Server | undefined, server: NewServer, replace: boolean): Server {
  validateServerName(server.name);
  if (existing !== undefined && !replace) {
    throw new McpmError(
      'CONFLICT',
      `A server called ${JSON.stringify(server.name)} exists already`,
      {
        hint: `Replace it with --force, change it with mcpm edit ${server.name}, or choose another name.`,
        data: { server: server.name },
      },
    );
  }
  const tags = server.profile_tags ?? existing?.profile_tags ?? [];
  if ('command' in server) {
    const { name, command, args = [], env = {}, ...rest } = server;
    return { name, ...rest, profile_tags: tags, command, args, env };
  }
  if ('url' in server) {
    const { name, url, headers = {}, ...rest } = server;
    return { name, ...rest, profile_tags: tags, url, headers };
  }
  return { ...server, profile_tags: tags };
}
