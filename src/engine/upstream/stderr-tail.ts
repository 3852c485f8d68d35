/** A server's stderr: passed on to the person, its end remembered for the report of a failure. */
import { redact } from '../../platform/redact.ts';

const KEPT_BYTES = 8 * 1024;
const KEPT_LINES = 20;

/** Follows one stderr. */
export class StderrTail {
  readonly #out: NodeJS.WritableStream;
  readonly #label: string;
  #kept = '';
  #atLineStart = true;
  #blocked = false;
  #dropped = 0;

  /** `label` is put before each line (several servers share our stderr); empty for none. */
  constructor(out: NodeJS.WritableStream, label: string) {
    this.#out = out;
    this.#label = label;
  }

  /** Take a chunk. When our own stderr is full the chunk is dropped rather than the server held up, and said so later. */
  push(chunk: Buffer): void {
    const text = chunk.toString('utf8');
    this.#kept = (this.#kept + text).slice(-KEPT_BYTES);
    if (this.#blocked) {
      this.#dropped += chunk.length;
      return;
    }
    const note = this.#dropped > 0 ? `\n[${this.#dropped} bytes of stderr dropped]\n` : '';
    this.#dropped = 0;
    if (this.#out.write(note + this.#labelled(text)) === false) {
      this.#blocked = true;
      this.#out.once('drain', () => {
        this.#blocked = false;
      });
    }
  }

  /** The last lines, secrets masked. */
  text(): string {
    return redact(this.#kept.trimEnd().split(/\r?\n/).slice(-KEPT_LINES).join('\n'));
  }

  #labelled(text: string): string {
    if (this.#label === '') return text;
    const first = this.#atLineStart ? this.#label : '';
    this.#atLineStart = text.endsWith('\n');
    return first + text.replace(/\n(?!$)/g, `\n${this.#label}`);
  }
}
