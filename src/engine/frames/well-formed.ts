/** Whether bytes are JSON (RFC 8259), told without building what they mean: parsing a message of many megabytes costs several times as much. */
import { isSpace } from './scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const BRACKETS = { open: 0x5b, close: 0x5d };
const BRACES = { open: 0x7b, close: 0x7d };

/** Bytes of a string that stand for themselves: 1. Bytes beyond ASCII are left to whoever decodes them. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

const ESCAPED = new Set(Buffer.from('"\\/bfnrtu'));
const LITERAL = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$/;
const LITERAL_BYTES = new Uint8Array(256);
for (const byte of Buffer.from('+-.0123456789Eaeflnrstu')) LITERAL_BYTES[byte] = 1;
/** A longer one is no number that anybody means. */
const LONGEST_LITERAL = 4096;

/** Whether `bytes` are one JSON value and white space. `depth`: at least as deep as it nests. */
export function isWellFormed(bytes: Buffer, depth: number): boolean {
  return new Walk(bytes, depth).run();
}

/** One pass over one text. */
class Walk {
  readonly #bytes: Buffer;
  /** For each open level: the byte that closes it. */
  readonly #open: Uint8Array;
  #depth = 0;
  #at = 0;

  constructor(bytes: Buffer, depth: number) {
    this.#bytes = bytes;
    this.#open = new Uint8Array(depth);
  }

  run(): boolean {
    do if (!this.#value()) return false;
    while (this.#goesOn());
    return this.#depth === 0 && this.#skipSpace() === undefined;
  }

  /** A value, down to the first inside it that is complete: a scalar or an empty container. */
  #value(): boolean {
    for (;;) {
      const byte = this.#skipSpace();
      if (byte === QUOTE) return this.#string();
      if (byte !== BRACKETS.open && byte !== BRACES.open) return this.#literal();
      const { close } = byte === BRACES.open ? BRACES : BRACKETS;
      this.#at++;
      if (this.#skipSpace() === close) {
        this.#at++;
        return true;
      }
      if (this.#depth === this.#open.length) return false;
      this.#open[this.#depth++] = close;
      if (close === BRACES.close && !this.#key()) return false;
    }
  }

  /** After a value: close what ends here. True when another value follows. */
  #goesOn(): boolean {
    while (this.#depth > 0) {
      const close = this.#open[this.#depth - 1];
      const byte = this.#skipSpace();
      if (byte === COMMA) {
        this.#at++;
        return close === BRACKETS.close || this.#key();
      }
      if (byte !== close) return false;
      this.#at++;
      this.#depth--;
    }
    return false;
  }

  #key(): boolean {
    if (this.#skipSpace() !== QUOTE || !this.#string()) return false;
    if (this.#skipSpace() !== COLON) return false;
    this.#at++;
    return true;
  }

  #string(): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      while (PLAIN[bytes[at] ?? 0]) at++;
      if (bytes[at] === QUOTE) break;
      const escaped = bytes[at + 1] ?? 0;
      if (bytes[at] !== BACKSLASH || !ESCAPED.has(escaped)) return false;
      if (escaped === LOWER_U) {
        if (!/^[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 2, at + 6))) return false;
        at += 4;
      }
      at += 2;
    }
    this.#at = at + 1;
    return true;
  }

  #literal(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    let end = start;
    while (LITERAL_BYTES[bytes[end] ?? 0] && end - start <= LONGEST_LITERAL) end++;
    this.#at = end;
    return LITERAL.test(bytes.toString('latin1', start, end));
  }

  /** The next byte that is no white space; undefined at the end. */
  #skipSpace(): number | undefined {
    while (isSpace(this.#bytes[this.#at])) this.#at++;
    return this.#bytes[this.#at];
  }
}
