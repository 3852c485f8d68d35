/** What the engine needs of a server it talks to, whether a child process or something on the network. */
import type { Frame } from '../frames/frame.ts';

/** `idle` before `start`, `starting` until the first message can be sent, `up`, then `down` for good: a restart is a new upstream. */
export type UpstreamState = 'idle' | 'starting' | 'up' | 'down';

/** Why an upstream went down, in words for a person and facts for a report. */
export interface UpstreamExit {
  /** Whether it was asked to (`close()`); nothing is reported then. */
  readonly expected: boolean;
  /** One line: "exited with code 1", "killed by SIGKILL", "connection refused". Secrets masked. */
  readonly reason: string;
  /** The last lines of its stderr (a child) or of the response body (a remote); empty when there are none. Secrets masked. */
  readonly tail: string;
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
}

/** Where an upstream delivers what happens to it. All are called on the event loop, never from within `send`. */
export interface UpstreamHandlers {
  /** A message from the server, in order. Its `relatedTo` is the id of the request (as sent) on whose response stream it came. */
  onMessage(frame: Frame): void;
  /** After `send` returned false: more can be sent now. */
  onDrain(): void;
  /** Exactly once, after the last message. Requests in flight will never be answered. */
  onClose(exit: UpstreamExit): void;
}

/**
 * One connection to one server, message by message. It knows nothing of sessions, names or other servers.
 *
 * A remote that keeps protocol state of its own (session id, protocol version header, resumption, re-initialisation after a lost
 * session) learns it from the frames that pass: the `initialize` request and its answer, or `_meta` of the modern era. When a single
 * request fails (HTTP 500, connection reset), it delivers an error answer to that request through `onMessage` and stays up.
 */
export interface Upstream {
  /** The server's name in the configuration. */
  readonly name: string;
  readonly transport: 'stdio' | 'http' | 'sse';
  readonly state: UpstreamState;
  /** The process id of a child, for reports. */
  readonly pid?: number;
  /** The last lines that a child has written to its stderr so far, secrets masked. */
  readonly tail?: string;
  /**
   * Begin. Resolves when messages can be sent (a child: spawned; a remote: credentials at hand; no MCP message is exchanged for it).
   * @throws McpmError SERVER_START, RUNTIME_MISSING, NETWORK or AUTH; `onClose` is not called then.
   */
  start(handlers: UpstreamHandlers): Promise<void>;
  /** Send a message. False: the buffer is full, wait for `onDrain` when you can. Ignored when down. */
  send(frame: Frame): boolean;
  /** Stop delivering messages until `resume()`: the receiver's buffer is full. */
  pause(): void;
  resume(): void;
  /** End it and everything it started. Resolves when nothing is left. Can be called again. */
  close(): Promise<void>;
}

/** Makes a fresh, idle upstream of one server; called again for a restart, and per session where sessions are isolated. */
export type UpstreamFactory = () => Upstream;
