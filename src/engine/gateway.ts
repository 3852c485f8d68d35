/** The engine's one entrance: servers in, an endpoint out. What is not needed for the chosen way of serving is not loaded. */
import { isRemote, isStdio, kindOf, type Server } from '../config/types.ts';
import { type Context, createContext } from '../context.ts';
import { McpmError } from '../errors.ts';
import type { UsageSink } from './calls.ts';
import type { HttpEndpoint, HttpOptions } from './downstream/http/types.ts';
import type { StdioClient } from './downstream/stdio.ts';
import type { Middleware } from './middleware.ts';
import { servePassThrough } from './pass-through/serve.ts';
import { DEFAULT_SETTINGS, type EngineSettings } from './settings.ts';
import { ChildUpstream, type ChildWorld } from './upstream/child.ts';
import { RemoteUpstream } from './upstream/remote.ts';
import type { Upstream } from './upstream/types.ts';
import { Watchdog } from './upstream/watchdog.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The world; this process's own unless told. */
  readonly ctx?: Context;
  /** One server passes through as it is; several become one, their names prefixed. */
  readonly servers: readonly Server[];
  /** What the gateway calls itself towards clients, when several servers are joined: the profile's name. */
  readonly name: string;
  /** Where sessions and operations are recorded. */
  readonly recorder?: UsageSink;
  /** Hooks around what passes, the outermost first. Without any, nothing is paid for them. */
  readonly middleware?: readonly Middleware[];
  readonly settings?: Partial<EngineSettings>;
}

/** Servers, ready to be served. Serve it in one way, once. */
export interface Gateway {
  /**
   * Serve the one client on the context's standard streams. Resolves when the client has closed its end or the gateway was closed.
   * @throws McpmError SERVER_START, RUNTIME_MISSING, SERVER_EXIT, when it is one server alone.
   */
  serveStdio(): Promise<void>;
  /** Serve Streamable HTTP at `/mcp`, both eras on one URL. @throws McpmError PORT_IN_USE, NETWORK. */
  serveHttp(options?: HttpOptions): Promise<HttpEndpoint>;
  /** Serve the transport of revision 2024-11-05: `/sse` with `/messages/`. @throws McpmError PORT_IN_USE, NETWORK. */
  serveSse(options?: HttpOptions): Promise<HttpEndpoint>;
  /** End everything that was started. Resolves when no process is left. */
  close(): Promise<void>;
}

function nothingToRun(name: string, [first]: readonly Server[]): McpmError {
  if (first?.name === name)
    return new McpmError('INVALID_INPUT', `${name} belongs to a client: mcpm cannot run it`, {
      hint: 'It is kept for that client, which starts it itself; what can be run: mcpm ls',
    });
  return new McpmError('INVALID_INPUT', `${JSON.stringify(name)} has no server that can be run`, {
    hint: `Add one: mcpm profile edit ${name} --add-server NAME`,
  });
}

/**
 * Make a gateway over servers. Nothing is started before it serves.
 * @throws McpmError INVALID_INPUT without a server that can be run, and for two of one name.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { ctx = createContext(), name } = options;
  const servers = options.servers.filter((server) => kindOf(server) !== 'custom');
  const [only] = servers;
  if (!only) throw nothingToRun(name, options.servers);
  const twice = servers.find(({ name: own }, at) => servers.findIndex((s) => s.name === own) < at);
  if (twice) {
    throw new McpmError('INVALID_INPUT', `two servers are called ${JSON.stringify(twice.name)}`, {
      hint: 'Give each a name of its own: their tools are told apart by it.',
    });
  }
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const world: ChildWorld = {
    ctx,
    settings,
    watchdog: new Watchdog(ctx.platform),
    resolve: (record) => resolveReferences(ctx, record),
  };
  const closers: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const make = (server: Server) => upstreamOf(server, world, servers.length > 1);
  const router = async (upstream: (server: Server) => Upstream) => {
    const { buildRouter } = await import('./build-router.ts');
    const built = await buildRouter({ ...options, ctx, servers, settings }, upstream);
    closers.push(() => built.close());
    return built.router;
  };
  const serve = async (kind: 'http' | 'sse', http: HttpOptions) => {
    const { serveOverHttp } = await import('./downstream/http/serve.ts');
    const built = await router(make);
    const endpoint = await serveOverHttp(built, kind, http);
    built.warmUp();
    closers.unshift(() => endpoint.close());
    return endpoint;
  };
  return {
    async serveStdio() {
      const session = async (build: typeof make, client?: StdioClient) => {
        const { StdioSession } = await import('./downstream/stdio-session.ts');
        const built = await router(build);
        if (!client) built.warmUp();
        const made = new StdioSession(ctx, built, client);
        closers.unshift(() => made.close());
        return made;
      };
      if (servers.length > 1 || options.middleware?.length) await (await session(make)).run();
      else {
        const { recorder } = options;
        const run = servePassThrough(only, { ctx, settings, recorder, make, session });
        closers.push(() => run.close());
        await run.run();
      }
    },
    serveHttp: (http = {}) => serve('http', http),
    serveSse: (http = {}) => serve('sse', http),
    close() {
      closing ??= (async () => {
        for (const close of closers) await close();
        world.watchdog.stop();
      })();
      return closing;
    },
  };
}

function upstreamOf(server: Server, world: ChildWorld, labelled: boolean): Upstream {
  if (isStdio(server)) {
    const { name, command, args, env } = server;
    const cwd = typeof server['cwd'] === 'string' ? { cwd: server['cwd'] } : {};
    const label = labelled ? `[${name}] ` : '';
    return new ChildUpstream({ name, command, args, env, label, ...cwd }, world);
  }
  if (isRemote(server)) return new RemoteUpstream(world.ctx, server, world.settings);
  throw new McpmError('INVALID_INPUT', `server "${server.name}" cannot be run here`);
}

/** Most servers refer to nothing; the code that resolves is loaded for those that do. */
async function resolveReferences(ctx: Context, record: Readonly<Record<string, string>>) {
  if (!Object.values(record).some((value) => value.includes('${'))) return record;
  const secrets = await import('../secrets/index.ts');
  return secrets.resolveReferences(ctx, record);
}
