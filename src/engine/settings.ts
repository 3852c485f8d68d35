/** Every limit and delay of the engine, with its default. All can be set per gateway. */

/** Limits and delays; sizes in bytes, times in milliseconds. */
export interface EngineSettings {
  /** The largest single message, either way. Beyond it the message is dropped and its request fails. */
  readonly maxFrameBytes: number;
  /** The deepest nesting of a message. */
  readonly maxDepth: number;
  /** How long a server may take to answer its first message before the others go on without it. */
  readonly startTimeoutMs: number;
  /** How long a server has for ending by itself once its input is closed, and again once it was asked to terminate. */
  readonly stopGraceMs: number;
  /** How long requests in flight are waited for when the client closes its end. */
  readonly drainMs: number;
  /** The first delay before a server that went down is started again; doubled each time up to `maxRestartDelayMs`. */
  readonly restartDelayMs: number;
  readonly maxRestartDelayMs: number;
  /** How long a server must have been up for the delay to begin at `restartDelayMs` again. */
  readonly restartResetMs: number;
  /** How many restarts in a row before a server run alone is given up. */
  readonly maxRestarts: number;
  /** How long a server of unknown era may take to answer `server/discover` before it counts as one of the old era. */
  readonly probeTimeoutMs: number;
  /** Several `list_changed` of one kind within this time become one. */
  readonly listChangedDebounceMs: number;
  /** How long an answered-for call waits, parked, for the client's input. */
  readonly parkedMs: number;
  /** HTTP: the largest request body. */
  readonly maxBodyBytes: number;
  /** HTTP: how many sessions at once; beyond it 503 with `Retry-After`. */
  readonly maxSessions: number;
  /** HTTP: a session that did nothing for so long, with no stream open, ends. */
  readonly sessionIdleMs: number;
  /** HTTP: a request that is not there in full after this time is dropped (slow senders). */
  readonly requestTimeoutMs: number;
  /** HTTP: how long an answer may take before it becomes a stream with keep-alive comments, and how often those come. */
  readonly keepAliveMs: number;
  /** HTTP: how many undelivered messages are kept for a session that has no stream open. */
  readonly maxQueuedMessages: number;
  /** HTTP: how many bytes may wait for a client that does not read before it is dropped. */
  readonly maxClientBacklogBytes: number;
}

/** The defaults. */
export const DEFAULT_SETTINGS: EngineSettings = {
  maxFrameBytes: 256 * 1024 * 1024,
  maxDepth: 2_000,
  startTimeoutMs: 8_000,
  stopGraceMs: 1_500,
  drainMs: 10_000,
  restartDelayMs: 250,
  maxRestartDelayMs: 30_000,
  restartResetMs: 60_000,
  maxRestarts: 5,
  probeTimeoutMs: 2_000,
  listChangedDebounceMs: 50,
  parkedMs: 600_000,
  maxBodyBytes: 64 * 1024 * 1024,
  maxSessions: 1_000,
  sessionIdleMs: 30 * 60_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 15_000,
  maxQueuedMessages: 1_000,
  maxClientBacklogBytes: 256 * 1024 * 1024,
};
