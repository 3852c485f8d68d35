/** Requests in flight, and the usage record made of each when it is answered. Contents are never looked at or kept. */
import type { OperationKind, Recorder } from '../usage/index.ts';
import { type Frame, sizeOf } from './frames/frame.ts';
import { textAt } from './frames/scan.ts';
import { isObject, type RequestId, type Response } from './json-rpc.ts';

/** Where sessions and operations are recorded; nothing of it may block. */
export type UsageSink = Pick<Recorder, 'operation' | 'session' | 'sessionEnd'>;

interface Recorded {
  readonly kind: OperationKind;
  readonly item: string;
}

/** Methods that are recorded, and the parameter that names the item. */
const RECORDED: Readonly<Record<string, readonly [OperationKind, string]>> = {
  'tools/call': ['tool', 'name'],
  'prompts/get': ['prompt', 'name'],
  'resources/read': ['resource', 'uri'],
};

/** What a request is recorded as; undefined when it is not. */
function recordedAs(method: string, frame: Frame): Recorded | undefined {
  const row = RECORDED[method];
  if (!row) return undefined;
  const item = parameterOf(frame, row[1]);
  if (typeof item !== 'string') return { kind: row[0], item: method };
  return { kind: row[0], item: row[1] === 'uri' ? item.replace(/[?#].*$/s, '') : item };
}

/** A parameter of a request; a large one is not parsed for it. */
function parameterOf(frame: Frame, name: string): unknown {
  if (frame.head && frame.bytes) return textAt(frame.bytes, 'params', name);
  const { params } = frame.message as { params?: unknown };
  return isObject(params) ? params[name] : undefined;
}

/** When a call began, and what it will be recorded as. */
export interface Stopwatch extends Recorded {
  readonly at: number;
  readonly began: number;
  readonly requestBytes: number;
}

/** Start measuring a request of so many bytes; undefined when it is not recorded. */
export function startWatch(method: string, frame: Frame, size?: number): Stopwatch | undefined {
  const recorded = recordedAs(method, frame);
  if (!recorded) return undefined;
  const { kind, item } = recorded;
  return {
    kind,
    item,
    at: Date.now(),
    began: performance.now(),
    requestBytes: size ?? sizeOf(frame),
  };
}

/** Record a measured call that ended with an answer, or with a word for why there is none. */
export function recordCall(
  sink: UsageSink,
  server: string,
  watch: Stopwatch,
  outcome: Frame | string,
  session?: string,
): void {
  if (typeof outcome !== 'string' && isInterim(outcome)) return;
  const error = typeof outcome === 'string' ? outcome : failureOf(outcome);
  sink.operation({
    type: 'op',
    at: watch.at,
    server,
    kind: watch.kind,
    item: watch.item,
    durationMs: Math.round((performance.now() - watch.began) * 1000) / 1000,
    requestBytes: watch.requestBytes,
    responseBytes: typeof outcome === 'string' ? 0 : sizeOf(outcome),
    ok: error === undefined,
    error,
    session,
  });
}

/** An answer that asks for input first: the call goes on. */
function isInterim(frame: Frame): boolean {
  if (frame.head) return false;
  return (frame.message as Response).result?.['resultType'] === 'input_required';
}

function failureOf(frame: Frame): string | undefined {
  if (frame.head) return frame.head.failed ? 'error' : undefined;
  const { result, error } = frame.message as Response;
  if (error) return String(error.code);
  return result?.['isError'] === true ? 'tool' : undefined;
}

/** The requests of one side that have no answer yet. */
export class OpenCalls {
  readonly #server: string;
  readonly #sink: UsageSink | undefined;
  readonly #open = new Map<RequestId, Stopwatch | undefined>();

  constructor(server: string, sink: UsageSink | undefined) {
    this.#server = server;
    this.#sink = sink;
  }

  get size(): number {
    return this.#open.size;
  }

  /** A request went out. */
  begin(id: RequestId, method: string, frame: Frame): void {
    this.#open.set(id, this.#sink ? startWatch(method, frame) : undefined);
  }

  /** Its answer came. False when no such request is open. */
  end(id: RequestId, frame: Frame): boolean {
    const watch = this.#open.get(id);
    if (watch && this.#sink) recordCall(this.#sink, this.#server, watch, frame);
    return this.#open.delete(id);
  }

  /** None of them will be answered: forget them, and say which they were. */
  abandon(why: string): RequestId[] {
    const ids = [...this.#open.keys()];
    for (const watch of this.#open.values()) {
      if (watch && this.#sink) recordCall(this.#sink, this.#server, watch, why);
    }
    this.#open.clear();
    return ids;
  }
}
