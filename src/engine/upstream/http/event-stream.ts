/** Reads a stream of server-sent events (HTML Living Standard, "Interpreting an event stream"), whatever the size of its chunks. */
import { Collector, isOversized, type Oversized } from '../../frames/collector.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const LINE_END = Buffer.from([LF]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** One event. `data` is absent for a block that only sets `id` or `retry`; of data beyond the limit only the ends are there. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data?: Buffer | Oversized;
  /** The last event id so far, for `Last-Event-ID`. */
  readonly id?: string;
  /** How long to wait before reconnecting, in milliseconds. */
  readonly retry?: number;
}

/** What a line may have before its value. */
const LONGEST_FIELD_NAME = 16;

/**
 * The events of a response body, in order. Comments and unknown fields are skipped; an unfinished block at the end is dropped.
 * @param maxBytes the most of one event's data.
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<ServerSentEvent> {
  const splitter = new LineSplitter(maxBytes + LONGEST_FIELD_NAME);
  let block = new Block(maxBytes);
  for await (const { buffer, byteOffset, byteLength } of body) {
    for (const line of splitter.push(Buffer.from(buffer, byteOffset, byteLength))) {
      if (line.length > 0) {
        block.read(line);
        continue;
      }
      const event = block.finish();
      if (event) yield event;
      block = new Block(maxBytes);
    }
  }
}

/** The fields of the block being read. */
class Block {
  readonly #data: Collector;
  #event = 'message';
  #id: string | undefined;
  #retry: number | undefined;
  #hasData: boolean = false;
  #oversized: Oversized | undefined;

  constructor(maxBytes: number) {
    this.#data = new Collector(maxBytes);
  }

  read(line: Buffer | Oversized): void {
    const text = isOversized(line) ? line.head : line;
    const colon = text.indexOf(COLON);
    const from = colon < 0 ? text.length : text[colon + 1] === SPACE ? colon + 2 : colon + 1;
    const field = text.toString('latin1', 0, colon < 0 ? text.length : colon);
    if (field === 'data') {
      this.#addData(line, from);
      return;
    }
    const value = text.toString('utf8', from);
    if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#retry = Number(value);
  }

  #addData(line: Buffer | Oversized, from: number): void {
    if (this.#hasData) this.#data.add(LINE_END);
    this.#hasData = true;
    if (isOversized(line)) this.#oversized ??= { ...line, head: line.head.subarray(from) };
    else this.#data.add(line.subarray(from));
  }

  finish(): ServerSentEvent | undefined {
    const [id, retry] = [this.#id, this.#retry];
    if (!this.#hasData && id === undefined && retry === undefined) return undefined;
    return {
      event: this.#event,
      ...(this.#hasData && { data: this.#oversized ?? this.#data.take() }),
      ...(id !== undefined && { id }),
      ...(retry !== undefined && { retry }),
    };
  }
}

/** Splits bytes into lines, ended by LF, CRLF or CR. */
class LineSplitter {
  readonly #maxBytes: number;
  readonly #unfinished: Collector;
  #endedInCr: boolean = false;
  #begun: boolean = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#unfinished = new Collector(maxBytes);
  }

  /** The lines that a chunk completes. */
  *push(chunk: Buffer): Generator<Buffer | Oversized> {
    if (chunk.length === 0) return;
    let start = this.#endedInCr && chunk[0] === LF ? 1 : 0;
    this.#endedInCr = chunk[chunk.length - 1] === CR;
    for (const end of lineEnds(chunk, start)) {
      yield this.#finish(chunk.subarray(start, end));
      start = end + (chunk[end] === CR && chunk[end + 1] === LF ? 2 : 1);
    }
    if (start < chunk.length) this.#unfinished.add(chunk.subarray(start));
  }

  #finish(part: Buffer): Buffer | Oversized {
    let line: Buffer | Oversized = part;
    if (this.#unfinished.length > 0 || part.length > this.#maxBytes) {
      this.#unfinished.add(part);
      line = this.#unfinished.take();
    }
    if (this.#begun || isOversized(line)) return line;
    this.#begun = true;
    return line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? line.subarray(3) : line;
  }
}

/** Where lines end: at each LF that does not follow a CR, and at each CR. Each byte is looked at twice at most, however many there are. */
function* lineEnds(chunk: Buffer, start: number): Generator<number> {
  let cr = chunk.indexOf(CR, start);
  let lf = chunk.indexOf(LF, start);
  while (cr >= 0 || lf >= 0) {
    const isCr = cr >= 0 && (lf < 0 || cr < lf);
    yield isCr ? cr : lf;
    if (isCr && lf === cr + 1) lf = chunk.indexOf(LF, lf + 1);
    if (isCr) cr = chunk.indexOf(CR, cr + 1);
    else lf = chunk.indexOf(LF, lf + 1);
  }
}
