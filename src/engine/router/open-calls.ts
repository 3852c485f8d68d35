/** The requests of a link that its server has not answered: ids and progress tokens of many clients made one's own, and back. */
import { recordCall, type Stopwatch, startWatch, type UsageSink } from '../calls.ts';
import { metaOf, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import type { Json, Request, RequestId } from '../json-rpc.ts';
import type { Call } from './party.ts';
import type { WireIds } from './wire-ids.ts';

/** A request in flight. */
export interface OpenCall {
  /** Its id towards the server, which is also its progress token there. */
  readonly wire: number;
  readonly call: Call;
  /** The client's own progress token. */
  readonly token: RequestId | undefined;
  readonly watch: Stopwatch | undefined;
}

/** All requests in flight of one link. */
export class OpenCallTable {
  readonly #server: string;
  readonly #sink: UsageSink | undefined;
  readonly #open = new Map<number, OpenCall>();
  readonly #ids: WireIds;

  constructor(server: string, sink: UsageSink | undefined, ids: WireIds) {
    this.#server = server;
    this.#sink = sink;
    this.#ids = ids;
  }

  get size(): number {
    return this.#open.size;
  }

  all(): Iterable<OpenCall> {
    return this.#open.values();
  }

  get(wire: unknown): OpenCall | undefined {
    return this.#open.get(wire as number);
  }

  /** Take a request on; returns it as it is to be sent. */
  begin(frame: Frame, call: Call): { readonly wire: number; readonly sent: Frame } {
    const message = frame.message as Request;
    const wire = this.#ids.keepOrMake(message.id);
    const token = metaOf(paramsOf(message))?.['progressToken'] as RequestId | undefined;
    const watch = this.#sink ? startWatch(message.method, frame, call.size) : undefined;
    this.#open.set(wire, { wire, call, token, watch });
    const asItIs = message.id === wire && (token === undefined || token === wire);
    return { wire, sent: asItIs ? frame : frameOf(renumbered(message, wire, token)) };
  }

  /** A request was answered, or given up with a word for why. Undefined when it is not open. */
  end(wire: unknown, outcome: Frame | string): OpenCall | undefined {
    const open = this.#open.get(wire as number);
    if (!open) return undefined;
    this.#open.delete(open.wire);
    if (open.watch && this.#sink) {
      recordCall(this.#sink, this.#server, open.watch, outcome, open.call.party.id);
    }
    return open;
  }
}

function renumbered(message: Request, wire: number, token: RequestId | undefined): Request {
  if (token === undefined) return { ...message, id: wire };
  const params = message.params as Json;
  const _meta = { ...(params['_meta'] as Json), progressToken: wire };
  return { ...message, id: wire, params: { ...params, _meta } };
}
