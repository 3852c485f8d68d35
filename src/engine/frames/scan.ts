/**
 * A scan over the bytes of one JSON object that looks at its first level alone and skips the rest: finds `id` and `method` of a
 * message of many megabytes at a fraction of what parsing costs, and how deep any message nests.
 */
import type { RequestId } from '../json-rpc.ts';
import type { FrameHead } from './frame.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

/** What a byte means to the scan. */
const NOTHING = 0;
const STRING = 1;
const OPEN = 2;
const CLOSE = 3;
const COLON = 4;
const COMMA = 5;

const MEANING = new Uint8Array(256);
for (const [byte, meaning] of [
  ['"', STRING],
  ['{', OPEN],
  ['[', OPEN],
  ['}', CLOSE],
  [']', CLOSE],
  [':', COLON],
  [',', COMMA],
] as const) {
  MEANING[byte.charCodeAt(0)] = meaning;
}

/** What a scan found. */
export interface Scan extends FrameHead {
  /** Brackets and quotes are balanced and it is one object. */
  readonly sound: boolean;
  /** The deepest level. */
  readonly depth: number;
}

/** Scan a whole message. Never throws. */
export function scan(bytes: Buffer): Scan {
  const { found, end, depth } = membersOf(bytes);
  return { sound: isOneObject(bytes, end), depth, ...headFrom(bytes, found) };
}

/** A text two levels down (`params`, `name`) in the bytes of an object, without parsing what is beside it; undefined when there is none. */
export function textAt(bytes: Buffer, outer: string, inner: string): string | undefined {
  const span = membersOf(bytes).found[outer];
  if (!span) return undefined;
  const part = bytes.subarray(span[0], span[1]);
  const value = literal(part, membersOf(part).found[inner]);
  return typeof value === 'string' ? value : undefined;
}

/** Where an object that is a member of the first level begins, and what its own members are; undefined when there is none. */
export function membersAt(
  bytes: Buffer,
  outer: string,
): { readonly start: number; readonly members: Readonly<Record<string, unknown>> } | undefined {
  const span = membersOf(bytes).found[outer];
  if (!span) return undefined;
  const part = bytes.subarray(span[0], span[1]);
  const first = firstSolid(part);
  if (part[first] !== OPEN_BRACE) return undefined;
  return { start: span[0] + first, members: membersOf(part).found };
}

/** Where the members of the first level stand, where the object ends, and how deep it nests. */
function membersOf(bytes: Buffer) {
  const members = new Members(bytes);
  const { length } = bytes;
  let depth = 0;
  let deepest = 0;
  let i = 0;
  for (; i < length; i++) {
    const meaning = MEANING[bytes[i] ?? 0];
    if (meaning === NOTHING) continue;
    if (meaning === STRING) i = members.string(i, depth);
    else if (meaning === OPEN) deepest = Math.max(deepest, ++depth);
    else if (meaning === CLOSE && --depth === 0) break;
    else if (depth === 1) members.separator(meaning === COLON, i);
  }
  members.separator(false, i);
  return { found: members.found, end: i, depth: deepest };
}

/** Collects where the members of the first level stand. */
class Members {
  readonly found: Record<string, readonly [number, number]> = Object.create(null);
  readonly #bytes: Buffer;
  #key: string | undefined;
  #string: readonly [number, number] = [0, 0];
  #valueStart = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Skip a string: the index of its last byte. */
  string(start: number, depth: number): number {
    const end = stringEnd(this.#bytes, start);
    if (depth === 1 && this.#key === undefined) this.#string = [start + 1, end];
    return end;
  }

  separator(colon: boolean, at: number): void {
    if (colon && this.#key === undefined) {
      const [start, end] = this.#string;
      this.#key = this.#bytes.toString('latin1', start, Math.min(end, start + 16));
      this.#valueStart = at + 1;
    } else if (!colon && this.#key !== undefined) {
      this.found[this.#key] ??= [this.#valueStart, at];
      this.#key = undefined;
    }
  }
}

function headFrom(bytes: Buffer, found: Record<string, readonly [number, number]>): FrameHead {
  const id = literal(bytes, found['id']);
  const method = literal(bytes, found['method']);
  const head = {
    id: typeof id === 'string' || typeof id === 'number' ? (id as RequestId) : undefined,
    method: typeof method === 'string' ? method : undefined,
    failed: found['error'] !== undefined,
  };
  return found['id'] && head.id !== undefined ? { ...head, idSpan: found['id'] } : head;
}

/** A short literal, or undefined. */
function literal(bytes: Buffer, span: readonly [number, number] | undefined): unknown {
  if (!span || span[1] - span[0] > 4096) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', span[0], span[1]));
  } catch {
    return undefined;
  }
}

/** The index of the quote that ends the string beginning at `start`, or the length when none does. */
function stringEnd(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end > 0) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
    end = bytes.indexOf(QUOTE, end + 1);
  }
  return bytes.length;
}

/** Whether an object begins the bytes and the bracket at `end` ends them. */
function isOneObject(bytes: Buffer, end: number): boolean {
  return end < bytes.length && bytes[firstSolid(bytes)] === OPEN_BRACE && onlySpace(bytes, end + 1);
}

function firstSolid(bytes: Buffer): number {
  let i = 0;
  while (i < bytes.length && isSpace(bytes[i])) i++;
  return i;
}

function onlySpace(bytes: Buffer, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (!isSpace(bytes[i])) return false;
  return true;
}

/** Whether a byte is white space in JSON. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * The id of a message that was too large to keep, from its first and last bytes: message writers put it at either end.
 * Undefined when it cannot be told.
 */
export function idFromEnds(head: Buffer, tail: Buffer): RequestId | undefined {
  const value = '("(?:[^"\\\\]|\\\\.)*"|-?\\d+)';
  const start = new RegExp(
    `^\\s*\\{\\s*(?:"(?:jsonrpc|method)"\\s*:\\s*"[^"]*"\\s*,\\s*)*"id"\\s*:\\s*${value}`,
  ).exec(head.toString('utf8'));
  const end = new RegExp(
    `,\\s*"id"\\s*:\\s*${value}\\s*(?:,\\s*"jsonrpc"\\s*:\\s*"2\\.0"\\s*)?\\}\\s*$`,
  ).exec(tail.toString('utf8'));
  const text = start?.[1] ?? end?.[1];
  return text === undefined ? undefined : (JSON.parse(text) as RequestId);
}

/** Whether the first bytes of a message are those of a request or notification. */
export function startsAsCall(head: Buffer): boolean {
  return /^\s*\{(?:\s*"(?:jsonrpc|id)"\s*:\s*(?:"[^"]*"|-?\d+)\s*,)*\s*"method"\s*:/.test(
    head.toString('utf8', 0, Math.min(head.length, 4096)),
  );
}
