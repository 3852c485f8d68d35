/** The limits and delays of the engine, as settings. The defaults are the engine's; a test holds the two together. */
import type { KnownSetting } from './known-settings.ts';

/** One row for each of the engine's settings. */
export const ENGINE_SETTINGS: readonly KnownSetting[] = [
  {
    key: 'engine.maxFrameBytes',
    type: 'integer',
    brief:
      'The largest single message, either way. Beyond it the message is dropped and its request fails (268435456 bytes)',
  },
  {
    key: 'engine.maxDepth',
    type: 'integer',
    brief: 'The deepest nesting of a message (2000)',
  },
  {
    key: 'engine.startTimeoutMs',
    type: 'integer',
    brief:
      'How long a server may take to answer its first message before the others go on without it (8000 ms)',
  },
  {
    key: 'engine.stopGraceMs',
    type: 'integer',
    brief:
      'How long a server has for ending by itself once its input is closed, and again once it was asked to terminate (1500 ms)',
  },
  {
    key: 'engine.drainMs',
    type: 'integer',
    brief: 'How long requests in flight are waited for when the client closes its end (10000 ms)',
  },
  {
    key: 'engine.restartDelayMs',
    type: 'integer',
    brief:
      'The first delay before a server that went down is started again; doubled each time up to `engine.maxRestartDelayMs` (250 ms)',
  },
  {
    key: 'engine.maxRestartDelayMs',
    type: 'integer',
    brief: 'The longest delay before a server that went down is started again (30000 ms)',
  },
  {
    key: 'engine.restartResetMs',
    type: 'integer',
    brief:
      'How long a server must have been up for the delay to begin at `engine.restartDelayMs` again (60000 ms)',
  },
  {
    key: 'engine.maxRestarts',
    type: 'integer',
    brief: 'How many restarts in a row before a server run alone is given up (5)',
  },
  {
    key: 'engine.probeTimeoutMs',
    type: 'integer',
    brief:
      'How long a server of unknown era may take to answer `server/discover` before it counts as one of the old era (2000 ms)',
  },
  {
    key: 'engine.listChangedDebounceMs',
    type: 'integer',
    brief: 'Several `list_changed` of one kind within this time become one (50 ms)',
  },
  {
    key: 'engine.parkedMs',
    type: 'integer',
    brief: "How long an answered-for call waits, parked, for the client's input (600000 ms)",
  },
  {
    key: 'engine.maxBodyBytes',
    type: 'integer',
    brief: 'HTTP: the largest request body (67108864 bytes)',
  },
  {
    key: 'engine.maxSessions',
    type: 'integer',
    brief: 'HTTP: how many sessions at once; beyond it 503 with `Retry-After` (1000)',
  },
  {
    key: 'engine.sessionIdleMs',
    type: 'integer',
    brief: 'HTTP: a session that did nothing for so long, with no stream open, ends (1800000 ms)',
  },
  {
    key: 'engine.requestTimeoutMs',
    type: 'integer',
    brief:
      'HTTP: a request that is not there in full after this time is dropped (slow senders) (30000 ms)',
  },
  {
    key: 'engine.keepAliveMs',
    type: 'integer',
    brief:
      'HTTP: how long an answer may take before it becomes a stream with keep-alive comments, and how often those come (15000 ms)',
  },
  {
    key: 'engine.maxQueuedMessages',
    type: 'integer',
    brief:
      'HTTP: how many undelivered messages are kept for a session that has no stream open (1000)',
  },
  {
    key: 'engine.maxClientBacklogBytes',
    type: 'integer',
    brief:
      'HTTP: how many bytes may wait for a client that does not read before it is dropped (268435456 bytes)',
  },
];
