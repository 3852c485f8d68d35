/** Splits a byte stream into lines without copying, with a limit on their length. */

/** How much of either end of an oversized line is kept, to find its id. */
const KEPT = 16 * 1024;
const NEWLINE = 0x0a;

/** Who receives the lines. */
export interface LineSink {
  /** A line: with its end, and without. Both are views of memory that is never written again. */
  onLine(line: Buffer, withEnd: Buffer): void;
  /** A line beyond the limit: how long it was, its first and its last bytes. */
  onOversized(length: number, head: Buffer, tail: Buffer): void;
}

/** Feed it chunks; it tells the sink of each line. Empty lines are skipped, a carriage return before the line end is dropped. */
export class LineReader {
  readonly #limit: number;
  readonly #sink: LineSink;
  #parts: Buffer[] = [];
  #length = 0;
  #skipping: { head: Buffer; tail: Buffer } | undefined;

  constructor(limit: number, sink: LineSink) {
    this.#limit = limit;
    this.#sink = sink;
  }

  /** Take the next bytes of the stream. The chunk must not be changed afterwards. */
  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#finish(chunk.subarray(start, end + 1));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(start === 0 ? chunk : chunk.subarray(start));
  }

  /** The stream ended: a last line without a line end counts. */
  end(): void {
    if (this.#length > 0) this.#finish(Buffer.from('\n'));
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= this.#limit) {
      this.#parts.push(part);
      return;
    }
    const ends = this.#skipping ?? { head: first(this.#parts, part), tail: Buffer.alloc(0) };
    ends.tail = last(
      ends.tail.length === 0 ? [...this.#parts.slice(-64), part] : [ends.tail, part],
    );
    this.#skipping = ends;
    this.#parts = [];
  }

  #finish(part: Buffer): void {
    if (this.#length === 0 && part.length <= this.#limit + 1) {
      this.#emit(part);
      return;
    }
    this.#keep(part);
    const { head, tail } = this.#skipping ?? {};
    const length = this.#length;
    const parts = this.#parts;
    this.#parts = [];
    this.#length = 0;
    this.#skipping = undefined;
    if (head && tail) this.#sink.onOversized(length, head, tail);
    else this.#emit(Buffer.concat(parts, length));
  }

  #emit(line: Buffer): void {
    const end = line.length - (line[line.length - 2] === 0x0d ? 2 : 1);
    if (end > 0) this.#sink.onLine(line.subarray(0, end), line);
  }
}

function first(parts: readonly Buffer[], next: Buffer): Buffer {
  const some: Buffer[] = [];
  let length = 0;
  for (const part of [...parts, next]) {
    if (length >= KEPT) break;
    some.push(part.subarray(0, KEPT - length));
    length += part.length;
  }
  return Buffer.concat(some);
}

function last(parts: readonly Buffer[]): Buffer {
  const all = Buffer.concat(parts);
  return Buffer.from(all.subarray(Math.max(0, all.length - KEPT)));
}
