/** One share from start to end: servers behind a guarded endpoint, a tunnel to it, a token for it. */
import { randomBytes } from 'node:crypto';
import type { Server } from '../config/index.ts';
import type { Context } from '../context.ts';
import { defined } from '../platform/defined.ts';
import { type Closers, createClosers } from './closing.ts';
import { openEndpoint } from './endpoint.ts';
import type { ConsentDesk } from './oauth/consent.ts';
import { openTunnel } from './open-tunnel.ts';
import { expiry, tokenFor } from './own-token.ts';
import type { GateCounters } from './protection/gate.ts';
import { protect } from './protection/protect.ts';
import type { Scope, ShareTarget, ShareToken } from './protection/token-store.ts';
import { noteEnded, noteRunning } from './running.ts';
import { readShareSettings } from './settings.ts';
import { checkTakes, chooseProvider } from './tunnels/index.ts';
import type { Trust, Tunnel, TunnelEvent } from './tunnels/types.ts';

/** What to share and how. */
export interface ShareOptions {
  readonly target: ShareTarget;
  readonly servers: readonly Server[];
  readonly transport: 'http' | 'sse';
  /** `--provider`; `local` for no tunnel. */
  readonly provider?: string;
  readonly address?: string;
  readonly subdomain?: string;
  readonly plain?: boolean;
  readonly host?: string;
  readonly port?: number;
  /** Serve TLS on this machine too. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** `--no-auth`. */
  readonly open?: boolean;
  /** A token that outlives the share; without one a passing token is made. */
  readonly tokenName?: string;
  readonly lifetimeMs?: number;
  readonly scope: Scope;
  /** Ask here for consent: also serve OAuth. */
  readonly desk?: ConsentDesk;
  /** Requests a second from one address (50). */
  readonly requestsPerSecond?: number;
  /** How many more times to try opening the tunnel. */
  readonly retry: number;
  /** How long one try may take, ms. */
  readonly timeoutMs: number;
  readonly onEvent: (event: ShareEvent) => void;
}

/** Something that happened to a share; a `url` is that of its endpoint. */
export type ShareEvent =
  | TunnelEvent
  | { readonly type: 'activity' }
  | { readonly type: 'retry'; readonly reason: string };

/** A running share. */
export interface Share {
  readonly run: string;
  readonly provider: string;
  /** The endpoint: the public address with `/mcp` or `/sse`. */
  readonly url: () => string;
  /** What visitors need in order to trust the address. */
  readonly trust?: Trust;
  /** The token; its text only when it was made just now. */
  readonly token?: { readonly entry: ShareToken; readonly secret?: string };
  readonly counters: Readonly<GateCounters>;
  readonly auditFile: string;
  /** Resolves when the share has ended by itself (its token expired); rejects when it was lost. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/**
 * Share servers. When this resolves, the URL works.
 * @throws McpmError of the engine, the tunnel, the token.
 */
export async function startShare(ctx: Context, options: ShareOptions): Promise<Share> {
  const run = randomBytes(8).toString('hex');
  const stop = new AbortController();
  const closers = createClosers();
  closers.add(() => stop.abort());
  try {
    return await begin(ctx, options, { run, stop: stop.signal, closers });
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Begun {
  readonly run: string;
  readonly stop: AbortSignal;
  readonly closers: Closers;
}

async function begin(
  ctx: Context,
  options: ShareOptions,
  { run, stop, closers }: Begun,
): Promise<Share> {
  const { target, transport } = options;
  const settings = await readShareSettings(ctx);
  const provider = chooseProvider(options.provider, settings);
  checkTakes(provider, {
    address: options.address,
    subdomain: options.subdomain,
    http: options.plain,
  });
  let tunnel: Tunnel | undefined;
  let publicUrl = 'http://localhost';
  const protection = protect(ctx, {
    run,
    target,
    servers: options.servers.map(({ name }) => name),
    transport,
    scope: options.scope,
    open: options.open === true,
    publicUrl: () => publicUrl,
    alsoAt: () => tunnel?.alsoAt ?? [],
    addressHeader: () => tunnel?.addressHeader,
    onChange: () => options.onEvent({ type: 'activity' }),
    ...defined({ desk: options.desk, requestsPerSecond: options.requestsPerSecond }),
  });
  closers.add(protection.close, 'last');
  const served = await openEndpoint(ctx, options, protection, closers);
  const since = ctx.now().toISOString();
  const endpointUrl = () => `${publicUrl}/${transport === 'sse' ? 'sse' : 'mcp'}`;
  const goBy = async (base: string) => {
    publicUrl = base;
    const url = endpointUrl();
    await noteRunning(ctx, { run, pid: ctx.pid, target, url, provider: provider.id, since });
  };
  const onEvent = (event: TunnelEvent) => {
    if (event.type !== 'reconnected') return options.onEvent(event);
    void goBy(event.url);
    options.onEvent({ ...event, url: endpointUrl() });
  };
  tunnel = await openTunnel(
    provider.open,
    { ctx, settings, ...served, signal: stop, onEvent, ...endpointOf(options) },
    options,
  );
  closers.add(tunnel.close);
  await goBy(tunnel.url);
  closers.add(() => noteEnded(ctx, run), 'last');
  const token = options.open ? undefined : await tokenFor(ctx, run, options, closers);
  return {
    run,
    provider: provider.id,
    url: endpointUrl,
    ...(token && { token }),
    ...(tunnel.trust && { trust: tunnel.trust }),
    counters: protection.counters,
    auditFile: protection.auditFile,
    ended: Promise.race([tunnel.closed.then(() => 'closed'), expiry(ctx, token?.entry, stop)]),
    close: closers.close,
  };
}

function endpointOf({ address, subdomain, plain, tls }: ShareOptions) {
  return { tls: tls !== undefined, ...defined({ address, subdomain, plain }) };
}
