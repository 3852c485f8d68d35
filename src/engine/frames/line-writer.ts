/** Writes messages as lines; lines that lie side by side in memory go out in one write. */
import type { Writable } from 'node:stream';
import type { Frame } from './frame.ts';

const LINE_END = Buffer.from('\n');
/** Its `then` is a microtask without the bookkeeping of `queueMicrotask`. */
const TURN = Promise.resolve();

/** A writer over one stream. What is sent within one turn of the event loop leaves together, in order. */
export class LineWriter {
  readonly #stream: NodeJS.WritableStream;
  #runs: Buffer[] = [];
  #scheduled = false;
  #full = false;
  #closed = false;
  readonly #flush = () => this.flush();

  /** `onDrain` is called when the stream takes more after `send` returned false; `onError` once when it broke. */
  constructor(stream: NodeJS.WritableStream, onDrain: () => void, onError: (error: Error) => void) {
    this.#stream = stream;
    stream.on('drain', () => {
      this.#full = false;
      onDrain();
    });
    stream.on('error', (error: Error) => {
      if (this.#closed) return;
      this.#closed = true;
      onError(error);
    });
  }

  /** Send a message. False: the stream's buffer is full. Ignored after `end()`. */
  send(frame: Frame): boolean {
    if (this.#closed) return true;
    if (frame.line) this.#append(frame.line);
    else if (frame.bytes) this.#append(Buffer.concat([frame.bytes, LINE_END]));
    else this.#append(Buffer.from(`${JSON.stringify(frame.message)}\n`));
    if (!this.#scheduled) {
      this.#scheduled = true;
      void TURN.then(this.#flush);
    }
    return !this.#full;
  }

  /** Hand everything to the stream now. */
  flush(): void {
    this.#scheduled = false;
    const runs = this.#runs;
    if (runs.length === 0) return;
    this.#runs = [];
    const stream = this.#stream as Writable;
    if (runs.length > 1) stream.cork();
    for (const run of runs) if (!stream.write(run)) this.#full = true;
    if (runs.length > 1) stream.uncork();
  }

  /** Flush and end the stream. */
  end(): void {
    this.flush();
    this.#closed = true;
    this.#stream.end();
  }

  #append(bytes: Buffer): void {
    const previous = this.#runs.at(-1);
    if (
      previous &&
      previous.buffer === bytes.buffer &&
      previous.byteOffset + previous.length === bytes.byteOffset
    ) {
      const whole = previous.length + bytes.length;
      this.#runs[this.#runs.length - 1] = Buffer.from(previous.buffer, previous.byteOffset, whole);
      return;
    }
    this.#runs.push(bytes);
  }
}
