/** The endpoint on this machine: the engine behind the gate, with TLS before it when asked. */
import { engineLimits, readSettings } from '../config/index.ts';
import type { Context } from '../context.ts';
import { createGateway } from '../engine/index.ts';
import { openRecorder } from '../usage/index.ts';
import type { Closers } from './closing.ts';
import type { Protection } from './protection/protect.ts';
import type { ShareOptions } from './session.ts';
import { openTlsFront } from './tls-front.ts';
import type { TunnelRequest } from './tunnels/types.ts';

const DEFAULT_PORT = 6276;
const PORT_TRIES = 10;
/** How long a server has to end by itself, and again after SIGTERM (ms): Ctrl+C ends a share within two seconds, whatever it shares. */
const STOP_GRACE = 400;

/** A server, to be reached by a socket or directly. */
type Served = Required<Pick<TunnelRequest, 'origin' | 'handle'>>;

/** Serve; everything that was started is given to `closers`. @throws McpmError `PORT_IN_USE`, `NETWORK`, `INVALID_INPUT`. */
export async function openEndpoint(
  ctx: Context,
  options: ShareOptions,
  protection: Protection,
  closers: Closers,
): Promise<Served> {
  const { servers, target, transport, tls } = options;
  const host = options.host ?? '127.0.0.1';
  const settings = await readSettings(ctx);
  const recorder =
    settings['usage'] === false
      ? undefined
      : openRecorder(ctx, {
          servers: servers.map((server) => server.name),
          transport,
          ...(target.kind === 'profile' && { profile: target.name }),
        });
  if (recorder) closers.add(() => recorder.close(), 'last');
  const gateway = createGateway({
    ctx,
    servers,
    name: target.name,
    ...(recorder && { recorder }),
    middleware: [protection.middleware],
    settings: { ...engineLimits(ctx, settings), stopGraceMs: STOP_GRACE },
  });
  closers.add(() => gateway.close());
  const http = {
    host: tls ? '127.0.0.1' : host,
    ...(tls ? { port: 0 } : portOf(options)),
    // Names are the gate's business: it knows the public one as soon as there is one.
    allowedHosts: ['*'],
    routes: protection.routes,
    guard: protection.guard,
  };
  const endpoint = await (transport === 'sse' ? gateway.serveSse(http) : gateway.serveHttp(http));
  const inner = { host: endpoint.host, port: endpoint.port };
  const { handle } = endpoint;
  if (!tls) return { origin: inner, handle };
  const front = await openTlsFront({ host, port: options.port ?? DEFAULT_PORT }, tls, inner);
  closers.add(() => front.close());
  return { origin: front, handle };
}

function portOf({ port }: ShareOptions) {
  return port === undefined ? { port: DEFAULT_PORT, portTries: PORT_TRIES } : { port };
}
