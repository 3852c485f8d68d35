/** One open tunnel on the relay's side: the HTTP/2 session to the agent, with its limits and its counters. */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { type Bucket, createBucket } from '../limits.ts';

/** What one tunnel may use. */
export interface TunnelLimits {
  /** Requests under way at once, standing streams included. */
  readonly streams: number;
  /** Requests a second, with twice as many in a burst. */
  readonly requestsPerSecond: number;
  /** Bytes a second in both directions together, with ten seconds' worth in a burst. */
  readonly bytesPerSecond: number;
  /** The largest request body, bytes. */
  readonly bodyBytes: number;
  /** How long nothing may move in a request and its answer, ms. */
  readonly idleMs: number;
}

/** What a tunnel has carried. */
export interface TunnelCounters {
  requests: number;
  bytesIn: number;
  bytesOut: number;
}

/** Which way bytes go: from visitors, or to them. */
export type Direction = 'bytesIn' | 'bytesOut';

/** Note bytes that a tunnel has carried. */
export function count(tunnel: Tunnel, direction: Direction, bytes: number): void {
  tunnel.counters[direction] += bytes;
  tunnel.bytes.spend(bytes);
}

/** One open tunnel. */
export interface Tunnel {
  readonly id: string;
  /** The name of the token that opened it. */
  readonly token: string;
  readonly address: string;
  readonly session: ClientHttp2Session;
  readonly limits: TunnelLimits;
  readonly counters: TunnelCounters;
  readonly rate: Bucket;
  readonly bytes: Bucket;
  /** Requests under way. */
  active: number;
  /** End a request that its visitor gave up. */
  cancel(stream: ClientHttp2Stream): void;
  /** End the connection at once. */
  close(): void;
}

// An HTTP/2 server ends the whole connection when its peer resets streams faster than 33 a second beyond a first 1,000 (nghttp2's
// answer to "rapid reset"). Visitors that give up must not be able to cause that, so resets are spread out below that rate.
const RESET_BURST = 800;
const RESETS_PER_SECOND = 30;

/** Wrap a session. */
export function createTunnel(
  session: ClientHttp2Session,
  facts: Pick<Tunnel, 'id' | 'token' | 'address' | 'limits'>,
): Tunnel {
  const { limits } = facts;
  const resets = createBucket(RESETS_PER_SECOND, RESET_BURST);
  const waiting: ClientHttp2Stream[] = [];
  let timer: NodeJS.Timeout | undefined;
  const drain = () => {
    timer = undefined;
    // `close(code)` would end the request properly before resetting it: half a body would look whole.
    while (waiting.length > 0 && resets.take()) waiting.shift()?.destroy(new Error('given up'));
    if (waiting.length > 0) timer = setTimeout(drain, 1000 / RESETS_PER_SECOND);
  };
  session.once('close', () => clearTimeout(timer));
  return {
    ...facts,
    session,
    counters: { requests: 0, bytesIn: 0, bytesOut: 0 },
    rate: createBucket(limits.requestsPerSecond, limits.requestsPerSecond * 2),
    bytes: createBucket(limits.bytesPerSecond, limits.bytesPerSecond * 10),
    active: 0,
    cancel(stream) {
      stream.resume();
      waiting.push(stream);
      if (timer === undefined) drain();
    },
    close: () => session.destroy(),
  };
}
