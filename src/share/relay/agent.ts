/** The agent's end of a tunnel: one connection to a relay, over which requests come and are passed to a server on this machine. */
import { performServerHandshake, type ServerHttp2Session } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import type { HttpHandler } from '../../engine/index.ts';
import { McpmError, messageOf, systemCode } from '../../errors.ts';
import { pinOf } from '../certificate.ts';
import { watch } from './agents.ts';
import { handTo } from './in-process.ts';
import { type Origin, passTo } from './loopback.ts';
import {
  AGENT_ALPN,
  decodeAnswer,
  encodeLine,
  type Hello,
  type Refusal,
  readLine,
  type Welcome,
} from './protocol.ts';
import type { Receiver } from './receiver.ts';

/** Where the relay is and how to know it. */
export interface RelayEndpoint {
  readonly host: string;
  readonly port: number;
  /** The pin of its public key (`sha256:…`); with it, no certificate authority is asked. */
  readonly pin?: string;
  /** Certificate authorities to trust besides the built-in ones, PEM. */
  readonly ca?: string;
}

/** An open connection to a relay. */
export interface AgentConnection {
  readonly welcome: Welcome;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  close(): void;
}

const ANSWER_TIMEOUT = 10_000;
const CONNECT_TIMEOUT = 10_000;
const STREAM_WINDOW = 1 << 20;
const SESSION_WINDOW = 1 << 22;
const SESSION_MEMORY_MB = 64;
const MAX_STREAMS = 1024;

/** A relay said no; `code` says whether another try makes sense. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: Refusal['refused'];

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.refused;
  }
}

/**
 * Connect to a relay and serve what comes.
 * @param origin where the shared server listens on this machine or, when it is in this process, what answers for it
 * @throws RefusedError when the relay says no; McpmError `TUNNEL` when it is not there or not the one it should be.
 */
export async function connectAgent(
  endpoint: RelayEndpoint,
  hello: Hello,
  origin: Origin | HttpHandler,
): Promise<AgentConnection> {
  const socket = await dial(endpoint);
  try {
    socket.write(encodeLine(hello));
    const answer = decodeAnswer(await readLine(socket, ANSWER_TIMEOUT));
    if (!answer) throw new McpmError('TUNNEL', `${place(endpoint)} did not answer like a relay`);
    if ('refused' in answer) throw new RefusedError(answer);
    const receiver = typeof origin === 'function' ? handTo(origin) : passTo(origin);
    return serve(socket, answer, receiver);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A TLS connection to something that speaks the agents' protocol and is who it should be. Only then may the token be sent. */
async function dial(endpoint: RelayEndpoint): Promise<TLSSocket> {
  const { host, port, pin, ca } = endpoint;
  const socket = connect({
    host,
    port,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ALPNProtocols: [AGENT_ALPN],
    rejectUnauthorized: pin === undefined,
    ...(ca !== undefined && { ca }),
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), CONNECT_TIMEOUT);
    socket.once('secureConnect', resolve).once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket
      .once('secureConnect', () => clearTimeout(timer))
      .once('close', () => clearTimeout(timer));
  }).catch((cause: unknown) => {
    socket.destroy();
    if (systemCode(cause) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
      throw noRelay(endpoint);
    throw new McpmError(
      'TUNNEL',
      `Cannot reach the relay at ${place(endpoint)}: ${reasonOf(cause)}`,
      {
        hint: 'Check the address; for a self-signed relay set relay_pin to the pin that it printed.',
        cause,
      },
    );
  });
  socket.setNoDelay(true);
  const fault = faultOf(socket, endpoint);
  if (fault === undefined) return socket;
  socket.destroy();
  throw fault;
}

function faultOf(socket: TLSSocket, endpoint: RelayEndpoint): McpmError | undefined {
  const certificate = socket.getPeerX509Certificate();
  const seen = certificate && pinOf(certificate);
  if (endpoint.pin !== undefined && seen !== endpoint.pin)
    return new McpmError('TUNNEL', `The relay at ${place(endpoint)} is not the pinned one`, {
      hint: `It shows ${seen}. If its key was changed on purpose, set relay_pin to that.`,
    });
  return socket.alpnProtocol === AGENT_ALPN ? undefined : noRelay(endpoint);
}

function noRelay(endpoint: RelayEndpoint): McpmError {
  return new McpmError('TUNNEL', `${place(endpoint)} is no relay: it does not know ${AGENT_ALPN}`, {
    hint: 'Agents must reach the relay itself: a reverse proxy in front has to pass TLS through.',
  });
}

/** OpenSSL's own words for what went wrong, where Node has put file, line and thread around them. */
function reasonOf(cause: unknown): string {
  const { reason } = cause as { reason?: unknown };
  return typeof reason === 'string' ? reason : messageOf(cause);
}

function place({ host, port }: RelayEndpoint): string {
  return `${host}:${port}`;
}

function serve(socket: TLSSocket, welcome: Welcome, receiver: Receiver): AgentConnection {
  const session = performServerHandshake(socket, {
    settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: MAX_STREAMS },
    maxSessionMemory: SESSION_MEMORY_MB,
  }) as ServerHttp2Session;
  session.setLocalWindowSize(SESSION_WINDOW);
  session.on('stream', (stream, headers) => receiver.receive(stream, headers));
  session.on('error', () => {});
  const stop = watch(session);
  const closed = new Promise<void>((resolve) => {
    session.once('close', () => {
      stop();
      receiver.close();
      socket.destroy();
      resolve();
    });
  });
  return { welcome, closed, close: () => session.destroy() };
}
