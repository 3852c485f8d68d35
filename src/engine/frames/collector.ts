/** Gathers the parts of something whose length is limited; of what is longer only the ends are kept. */

/** How much of either end of something oversized is kept, to find its id. */
const KEPT = 16 * 1024;

/** Something that was too long to keep. */
export interface Oversized {
  /** In bytes. */
  readonly length: number;
  /** Its first and last bytes. */
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** Feed it parts, take the whole. Parts must not be changed afterwards. */
export class Collector {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;
  #ends: { readonly head: Buffer; tail: Buffer } | undefined;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= this.#limit) {
      this.#parts.push(part);
      return;
    }
    const ends = this.#ends ?? { head: first(this.#parts, part), tail: Buffer.alloc(0) };
    ends.tail = last(
      ends.tail.length === 0 ? [...this.#parts.slice(-64), part] : [ends.tail, part],
    );
    this.#ends = ends;
    this.#parts = [];
  }

  /** What was gathered; it begins anew. */
  take(): Buffer | Oversized {
    const [parts, length, ends] = [this.#parts, this.#length, this.#ends];
    this.#parts = [];
    this.#length = 0;
    this.#ends = undefined;
    if (ends) return { length, ...ends };
    const [only] = parts;
    return parts.length === 1 && only ? only : Buffer.concat(parts, length);
  }
}

/** Whether it was too long to keep. */
export function isOversized(taken: Buffer | Oversized): taken is Oversized {
  return !Buffer.isBuffer(taken);
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
