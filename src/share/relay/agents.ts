/** An agent's connection, from its first line to the open tunnel. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { plainAddress } from '../address.ts';
import type { Lockout } from '../lockout.ts';
import type { Metrics } from './metrics.ts';
import { decodeHello, encodeLine, type Refusal, readLine, type Welcome } from './protocol.ts';
import type { RelayEvent } from './server.ts';
import type { Table } from './table.ts';
import { findToken, type RelayToken } from './tokens.ts';
import { createTunnel, type TunnelLimits } from './tunnel.ts';

/** What the handshake needs to know of its relay. */
export interface AgentDesk {
  readonly table: Table;
  readonly lockout: Lockout;
  readonly metrics: Metrics;
  readonly limits: TunnelLimits;
  readonly tokens: () => readonly RelayToken[];
  /** The public address of a tunnel. */
  readonly urlOf: (id: string) => string;
  /** Addresses of proxies: what comes from one of them is no one agent's. */
  readonly trustedProxies: readonly string[];
  readonly draining: () => boolean;
  readonly emit: (event: RelayEvent) => void;
}

const HELLO_TIMEOUT = 10_000;
const PING_EVERY = 20_000;
const PING_TIMEOUT = 10_000;
/** Bytes one stream, and the whole connection, may have on the way unread. */
const STREAM_WINDOW = 1 << 20;
const SESSION_WINDOW = 1 << 22;
/** Node rejects new streams while a session buffers more than this; its default of 10 MB is fifty bodies of 200 KB. */
const SESSION_MEMORY_MB = 64;

/** Hear an agent out and open its tunnel, or say why not. Never throws. */
export async function receiveAgent(socket: TLSSocket, desk: AgentDesk): Promise<void> {
  const address = plainAddress(socket.remoteAddress);
  socket.on('error', () => socket.destroy());
  const admitted = await admit(socket, address, desk).catch(() => undefined);
  if (admitted === undefined) {
    desk.metrics.agent('malformed');
    return void socket.destroy();
  }
  if ('refused' in admitted) {
    desk.metrics.agent(admitted.refused);
    desk.emit({ type: 'refused', address, reason: admitted.refused });
    return void socket.end(encodeLine(admitted));
  }
  desk.metrics.agent('connected');
  // HTTP/2 takes the socket over in the callback of the write: earlier, its preface would overtake the line.
  socket.write(encodeLine(admitted.welcome), () => {
    if (!socket.destroyed) openTunnel(socket, admitted, address, desk);
  });
}

interface Admission {
  readonly token: RelayToken;
  readonly welcome: Welcome;
}

async function admit(
  socket: TLSSocket,
  address: string,
  desk: AgentDesk,
): Promise<Admission | Refusal | undefined> {
  const hello = decodeHello(await readLine(socket, HELLO_TIMEOUT));
  if (!hello || socket.readableLength > 0) return undefined;
  if (desk.draining()) return { refused: 'later', message: 'the relay is restarting' };
  const locked = desk.lockout.waitFor(address) > 0;
  const token = findToken(desk.tokens(), hello.token);
  const known = token && !token.metrics;
  // Behind a proxy that passes TLS through, one agent's failures must not lock out the others.
  if (locked && !(known && desk.trustedProxies.includes(address)))
    return { refused: 'later', message: 'too many wrong tokens from this address' };
  if (!known) {
    desk.lockout.failed(address);
    return { refused: 'unauthorized', message: 'the relay does not know this token' };
  }
  desk.lockout.succeeded(address);
  const claimed = desk.table.claim(hello, token);
  if ('refused' in claimed) return claimed;
  return { token, welcome: { ...claimed, url: desk.urlOf(claimed.id) } };
}

function openTunnel(
  socket: TLSSocket,
  { token, welcome }: Admission,
  address: string,
  desk: AgentDesk,
): void {
  const session = connect(`https://${welcome.id}`, {
    createConnection: () => socket,
    settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    maxSessionMemory: SESSION_MEMORY_MB,
    peerMaxConcurrentStreams: desk.limits.streams,
  });
  session.on('error', () => {});
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
  const { id } = welcome;
  const tunnel = createTunnel(session, { id, token: token.name, address, limits: desk.limits });
  desk.table.attach(tunnel);
  desk.emit({ type: 'connected', id, token: token.name, address });
  const stop = watch(session);
  session.once('close', () => {
    stop();
    desk.table.detach(tunnel);
    desk.emit({ type: 'disconnected', id, token: token.name, address });
  });
}

/**
 * End a session whose peer no longer answers pings. Used on both sides. Returns how to stop.
 * @param session the session to watch
 */
export function watch(
  session: Pick<ClientHttp2Session, 'ping' | 'destroy' | 'destroyed'>,
  every = PING_EVERY,
  timeout = PING_TIMEOUT,
): () => void {
  let overdue: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    if (session.destroyed || overdue) return;
    overdue = setTimeout(() => session.destroy(), timeout);
    session.ping(() => {
      clearTimeout(overdue);
      overdue = undefined;
    });
  }, every);
  timer.unref();
  return () => {
    clearInterval(timer);
    clearTimeout(overdue);
  };
}
