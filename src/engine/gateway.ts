/** The engine's one entrance: servers in, an endpoint out. What is not needed for the chosen way of serving is not loaded. */
import { isRemote, isStdio, type Server } from '../config/types.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import type { UsageSink } from './calls.ts';
import { DEFAULT_SETTINGS, type EngineSettings } from './settings.ts';
import { ChildUpstream, type ChildWorld } from './upstream/child.ts';
import { RemoteUpstream } from './upstream/remote.ts';
import type { Upstream } from './upstream/types.ts';
import { Watchdog } from './upstream/watchdog.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly ctx: Context;
  /** One server passes through as it is; several become one, their names prefixed. */
  readonly servers: readonly Server[];
  /** What the gateway calls itself towards clients, when several servers are joined: the profile's name. */
  readonly name: string;
  /** Where sessions and operations are recorded. */
  readonly recorder?: UsageSink;
  readonly settings?: Partial<EngineSettings>;
}

/** Servers, ready to be served. Each `serve…` can be called once. */
export interface Gateway {
  /**
   * Serve the one client on the context's standard streams. Resolves when the client has closed its end or the gateway was closed.
   * @throws McpmError SERVER_START, RUNTIME_MISSING, SERVER_EXIT.
   */
  serveStdio(): Promise<void>;
  /** End everything that was started. Resolves when no process is left. */
  close(): Promise<void>;
}

/**
 * Make a gateway over servers. Nothing is started before it serves.
 * @throws McpmError INVALID_INPUT without a server that can be run.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { ctx, name, recorder } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const world: ChildWorld = {
    ctx,
    settings,
    watchdog: new Watchdog(ctx.platform),
    resolve: (record) => resolveReferences(ctx, record),
  };
  const [only] = options.servers;
  if (!only) {
    throw new McpmError('INVALID_INPUT', `"${name}" has no servers to run`, {
      hint: `Add one with \`mcpm profile edit ${name} --add-server NAME\`.`,
    });
  }
  const closers: (() => Promise<void>)[] = [];
  return {
    async serveStdio() {
      const { PassThrough } = await import('./pass-through/pass-through.ts');
      const upstream = () => upstreamOf(only, world, '');
      const run = new PassThrough({ ctx, name: only.name, upstream, settings, recorder });
      closers.push(() => run.close());
      await run.run();
    },
    async close() {
      await Promise.all(closers.map((close) => close()));
      world.watchdog.stop();
    },
  };
}

function upstreamOf(server: Server, world: ChildWorld, label: string): Upstream {
  if (isStdio(server)) {
    const { name, command, args, env } = server;
    const cwd = typeof server['cwd'] === 'string' ? { cwd: server['cwd'] } : {};
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
