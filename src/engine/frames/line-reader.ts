/** Splits a byte stream into lines without copying, with a limit on their length. */
import { Collector, isOversized, type Oversized } from './collector.ts';

const NEWLINE = 0x0a;

/** Who receives the lines. */
export interface LineSink {
  /** A line: with its end, and without. Both are views of memory that is never written again. */
  onLine(line: Buffer, withEnd: Buffer): void;
  /** A line beyond the limit. */
  onOversized(line: Oversized): void;
}

/** Feed it chunks; it tells the sink of each line. Empty lines are skipped, a carriage return before the line end is dropped. */
export class LineReader {
  readonly #limit: number;
  readonly #sink: LineSink;
  readonly #unfinished: Collector;

  constructor(limit: number, sink: LineSink) {
    this.#limit = limit;
    this.#sink = sink;
    this.#unfinished = new Collector(limit);
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
    if (start < chunk.length) this.#unfinished.add(start === 0 ? chunk : chunk.subarray(start));
  }

  /** The stream ended: a last line without a line end counts. */
  end(): void {
    if (this.#unfinished.length > 0) this.#finish(Buffer.from('\n'));
  }

  #finish(part: Buffer): void {
    if (this.#unfinished.length === 0 && part.length <= this.#limit + 1) {
      this.#emit(part);
      return;
    }
    this.#unfinished.add(part);
    const line = this.#unfinished.take();
    if (isOversized(line)) this.#sink.onOversized(line);
    else this.#emit(line);
  }

  #emit(line: Buffer): void {
    const end = line.length - (line[line.length - 2] === 0x0d ? 2 : 1);
    if (end > 0) this.#sink.onLine(line.subarray(0, end), line);
  }
}
