/**
 * The relay: one TLS port. A connection that offers {@link AGENT_ALPN} is an agent's; every other one is a visitor's and speaks
 * HTTP/1.1. Node built-ins only.
 */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { McpmError, messageOf, systemCode } from '../../errors.ts';
import { createLockout } from '../lockout.ts';
import { receiveAgent } from './agents.ts';
import { visitorHandler } from './front.ts';
import { createMetrics } from './metrics.ts';
import { AGENT_ALPN, type RefusalCode } from './protocol.ts';
import { createTable, type Table, type TableState } from './table.ts';
import type { RelayToken } from './tokens.ts';
import type { TunnelLimits } from './tunnel.ts';

/** Something worth telling the relay's owner. */
export type RelayEvent =
  | {
      readonly type: 'connected' | 'disconnected';
      readonly id: string;
      readonly token: string;
      readonly address: string;
    }
  | { readonly type: 'refused'; readonly address: string; readonly reason: RefusalCode };

/** All limits of a relay. */
export interface RelayLimits extends TunnelLimits {
  /** Tunnels open at once. */
  readonly tunnels: number;
  /** Requests a second from one address, with twice as many in a burst. */
  readonly visitorRequestsPerSecond: number;
  /** How long a name waits for its agent, ms. */
  readonly holdMs: number;
}

/** What holds unless the owner says otherwise. */
const RELAY_LIMITS: RelayLimits = {
  streams: 128,
  requestsPerSecond: 200,
  bytesPerSecond: 32 * 1024 * 1024,
  bodyBytes: 64 * 1024 * 1024,
  idleMs: 3_600_000,
  tunnels: 2_000,
  visitorRequestsPerSecond: 100,
  holdMs: 24 * 3_600_000,
};

/** How to run a relay. */
export interface RelayOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string };
  /** Who may connect; asked at every handshake, so a changed file counts at once. */
  readonly tokens: () => readonly RelayToken[];
  /** `https://host[:port]` (path mode) or `https://*.host[:port]` (a subdomain a tunnel). Without it: path mode at whatever address the agent dialled. */
  readonly publicUrl?: string;
  /** Addresses of reverse proxies whose `X-Forwarded-For` is to be believed. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<RelayLimits>;
  /** What an earlier run left. */
  readonly state?: TableState;
  /** The state has changed and wants to be kept. */
  readonly onState?: (state: TableState) => void;
  readonly onEvent?: (event: RelayEvent) => void;
}

/** A running relay. */
export interface Relay {
  readonly port: number;
  readonly metrics: () => string;
  /** Present another certificate from now on. */
  renew(tls: { readonly key: string; readonly cert: string }): void;
  /** Close the tunnels whose token is no longer among the tokens. */
  dropStrangers(): void;
  /** Take no new work, let what is under way finish for at most `graceMs`, then close. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Start a relay.
 * @throws McpmError `PORT_IN_USE` when the port cannot be had, `INVALID_INPUT` when key and certificate do not fit.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const limits = { ...RELAY_LIMITS, ...options.limits };
  const metrics = createMetrics();
  const table = createTable(
    {
      holdMs: limits.holdMs,
      maxTunnels: limits.tunnels,
      now: Date.now,
      onChange: () => options.onState?.(table.state()),
    },
    options.state,
  );
  const lockout = createLockout();
  const urlOf = publicUrls(options.publicUrl);
  let draining = false;
  const server = createTlsServer(options.tls);
  const desk = {
    table,
    lockout,
    metrics,
    limits,
    tokens: options.tokens,
    urlOf,
    trustedProxies: options.trustedProxies ?? [],
    draining: () => draining,
    emit: options.onEvent ?? (() => {}),
  };
  splitByAlpn(server, (socket) => void receiveAgent(socket, desk));
  const domain = options.publicUrl ? wildcardDomain(options.publicUrl) : undefined;
  server.on('request', visitorHandler({ ...desk, domain }));
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    metrics: () => metrics.render(table.live),
    renew: (tls) => server.setSecureContext(tls),
    dropStrangers() {
      const known = new Set(options.tokens().map(({ name }) => name));
      for (const tunnel of table.live.values()) if (!known.has(tunnel.token)) tunnel.close();
    },
    async close(graceMs = 10_000) {
      draining = true;
      await drain(server, table, graceMs);
    },
  };
}

function createTlsServer(tls: RelayOptions['tls']): Server {
  try {
    return createServer({
      ...tls,
      ALPNProtocols: [AGENT_ALPN, 'http/1.1'],
      handshakeTimeout: 10_000,
      headersTimeout: 15_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    });
  } catch (cause) {
    throw new McpmError(
      'INVALID_INPUT',
      `The TLS key or certificate is not usable: ${messageOf(cause)}`,
      {
        hint: 'Both must be PEM, and the certificate file hold the whole chain, its own certificate first.',
        cause,
      },
    );
  }
}

/**
 * Give agents' connections to `onAgent` and leave the others to Node's HTTP server. The latter reads a TLS socket natively, past the
 * stream; when a keep-alive connection's last response is still being flushed as its next request comes in, it pauses its parser but
 * goes on feeding it, which ends in HPE_PAUSED and a reset (seen with bodies of 200 KB, once in about 1,500). A `data` listener makes
 * it read through the stream, where pausing works.
 */
function splitByAlpn(server: Server, onAgent: (socket: TLSSocket) => void): void {
  const serveHttp = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    // Unlike Node's HTTP server its HTTPS server leaves Nagle's algorithm on, which holds a response's last part back for 40 ms.
    socket.setNoDelay(true);
    if (socket.alpnProtocol === AGENT_ALPN) return onAgent(socket);
    for (const serve of serveHttp) serve.call(server, socket);
    socket.on('data', () => {});
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
}

function wildcardDomain(publicUrl: string): string | undefined {
  const { hostname } = new URL(publicUrl.replace('*.', ''));
  return publicUrl.includes('//*.') ? hostname : undefined;
}

function publicUrls(publicUrl: string | undefined): (id: string) => string {
  if (publicUrl === undefined) return (id) => `/t/${id}`;
  const base = publicUrl.replace(/\/$/, '');
  return base.includes('//*.') ? (id) => base.replace('*', id) : (id) => `${base}/t/${id}`;
}

async function listen(server: Server, { host, port }: RelayOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  }).catch((cause: unknown) => {
    const reason = systemCode(cause) === 'EACCES' ? 'permission denied' : messageOf(cause);
    throw new McpmError('PORT_IN_USE', `Cannot listen on ${host}:${port}: ${reason}`, {
      hint: 'Take another port with --port, or stop what uses it.',
      cause,
    });
  });
}

async function drain(server: Server, table: Table, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const { session } of table.live.values()) session.close();
  const force = setTimeout(() => {
    for (const tunnel of table.live.values()) tunnel.close();
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(force);
}
