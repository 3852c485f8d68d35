/**
 * The format of usage segments: one JSON object a line. Names, times, sizes and outcomes are recorded; contents never.
 * A segment is `usage/<UTC day>/<start in ms>-<pid>.jsonl` below the data directory, written by one process alone: what happened on
 * that day. It begins with the run; one that lasts several days has a segment of the same name in each.
 */

/** What an operation was about. */
export type OperationKind = 'tool' | 'prompt' | 'resource' | 'other';

/** One request and its answer. */
export interface Operation {
  readonly type: 'op';
  /** When the request arrived, milliseconds since 1970. */
  readonly at: number;
  readonly server: string;
  readonly kind: OperationKind;
  /** The tool, prompt, resource URI (without query and fragment) or method, as the server calls it. */
  readonly item: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly ok: boolean;
  /** A JSON-RPC code or `tool` for a result with `isError`; never a message, which may hold contents. */
  readonly error?: string | undefined;
  /** The session it belongs to, as in {@link SessionStart.session}. */
  readonly session?: string | undefined;
}

/** A client session that began. */
export interface SessionStart {
  readonly session: string;
  readonly at: number;
  /** The name and version the client gave of itself. */
  readonly client?: string;
}

/** A run of a server or of a profile. */
export interface Run {
  readonly servers: readonly string[];
  readonly profile?: string;
  readonly transport: 'stdio' | 'http' | 'sse';
}

/** A line of a segment. */
export type UsageRecord =
  | ({ readonly type: 'run'; readonly v: 1; readonly at: number; readonly pid: number } & Run)
  | ({ readonly type: 'session' } & SessionStart)
  | { readonly type: 'end'; readonly at: number; readonly session?: string }
  | Operation;

/** The record on a line, or `undefined` for a line that a crash cut off. */
export function parseRecord(line: string): UsageRecord | undefined {
  try {
    const record = JSON.parse(line) as UsageRecord;
    return typeof record === 'object' && record !== null && 'type' in record ? record : undefined;
  } catch {
    return undefined;
  }
}
