/** Bytes → frames, once. */
import type { Message } from '../json-rpc.ts';
import { type Frame, LargeFrame } from './frame.ts';
import { scan } from './scan.ts';
import { isWellFormed } from './well-formed.ts';

/** From this size on a message is scanned, and parsed only when someone looks inside. */
const LARGE = 256 * 1024;

/** Why bytes are no message. `id` is set when a request can be told to fail. */
export interface Unreadable {
  readonly why: 'not-json' | 'not-a-message' | 'too-deep';
  readonly frame?: undefined;
  readonly head?: { readonly id: string | number | undefined; readonly method: string | undefined };
}

/** One message, several (a batch of revision 2025-03-26), or nothing readable. */
export type Parsed = Frame | readonly Frame[] | Unreadable;

/** Whether parsing failed. */
export function isUnreadable(parsed: Parsed): parsed is Unreadable {
  return 'why' in parsed;
}

/** Whether a batch was parsed. */
export function isBatch(parsed: Parsed): parsed is readonly Frame[] {
  return Array.isArray(parsed);
}

/** Parse the bytes of one message. Never throws. `line` is `bytes` with the line end, where there is one. */
export function parse(bytes: Buffer, maxDepth: number, line?: Buffer): Parsed {
  if (bytes.length > maxDepth * 2) {
    const found = scan(bytes);
    if (found.sound && found.depth > maxDepth) return { why: 'too-deep', head: found };
    if (found.sound && bytes.length >= LARGE) {
      if (!isWellFormed(bytes, found.depth)) return { why: 'not-json', head: found };
      const { id, method, failed, idSpan } = found;
      if (id === undefined && method === undefined) return { why: 'not-a-message' };
      return new LargeFrame(bytes, line, { id, method, failed, ...(idSpan && { idSpan }) });
    }
  }
  return parseSmall(bytes, line);
}

function parseSmall(bytes: Buffer, line: Buffer | undefined): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { why: 'not-json' };
  }
  if (isMessage(value)) {
    return line ? { message: value, bytes, line } : { message: value, bytes };
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) {
    return value.map((message): Frame => ({ message }));
  }
  return { why: 'not-a-message' };
}

/** As little as routing needs: a method, or an id with an outcome. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const message = value as { method?: unknown; id?: unknown; result?: unknown; error?: unknown };
  if (typeof message.method === 'string') return message.id !== null;
  return 'id' in message && (message.result !== undefined || message.error !== undefined);
}
