/** Changes to a message that are made in its bytes, so that it need not be parsed and written anew. */
import type { Json, Message } from '../json-rpc.ts';
import { type Frame, LargeFrame } from './frame.ts';
import { membersAt } from './scan.ts';

/** A large answer whose result has more members; those that it has itself stay as they are. The same frame when it has no result. */
export function withResultMembers(frame: Frame, members: Json): Frame {
  const { bytes, head } = frame;
  const result = bytes && membersAt(bytes, 'result');
  if (!bytes || !head || !result) return frame;
  const added = Object.entries(members).filter(([key]) => !(key in result.members));
  if (added.length === 0) return frame;
  const text = JSON.stringify(Object.fromEntries(added)).slice(1, -1);
  const comma = Object.keys(result.members).length > 0 ? ',' : '';
  const middle = Buffer.from(`${text}${comma}`);
  const at = result.start + 1;
  const spliced = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at)]);
  const { idSpan: span, ...rest } = head;
  const shift = span && span[0] >= at ? middle.length : 0;
  const idSpan = span && ([span[0] + shift, span[1] + shift] as const);
  return new LargeFrame(spliced, undefined, { ...rest, ...(idSpan && { idSpan }) });
}

/** A parameter that does not stand within so many bytes is not searched for. */
const SEARCHED = 512;
/** Text that stands for itself in a JSON string, one byte a character. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A request with another text as one of its parameters. Its bytes are kept but for that where it comes first, as names do. */
export function withParam(frame: Frame, key: string, value: string): Frame {
  const { params } = frame.message as { params?: Json };
  const message = { ...frame.message, params: { ...params, [key]: value } } as Message;
  const { bytes, line } = frame;
  const whole = line ?? bytes;
  const end = whole && PLAIN.test(value) ? endOfFirst(whole, key, params?.[key]) : undefined;
  if (!bytes || !whole || end === undefined) return { message };
  const { before, after } = end;
  const start = `${before}"${value}"`;
  const spliced = Buffer.allocUnsafe(start.length + whole.length - after);
  spliced.write(start, 0, 'latin1');
  whole.copy(spliced, start.length, after);
  if (!line) return { message, bytes: spliced };
  const lineEnd = line.length - bytes.length;
  return { message, bytes: spliced.subarray(0, spliced.length - lineEnd), line: spliced };
}

/**
 * Where the first parameter of a valid message stands, when it is `key` and `was` and written plainly. No brace is before the one of
 * `params`, so that it is a member of the first level; and quotes without a backslash before them are not inside a string.
 */
function endOfFirst(bytes: Buffer, key: string, was: unknown) {
  const text = bytes.toString('latin1', 0, SEARCHED);
  const brace = text.indexOf('{', 1);
  const at = brace - '"params":'.length;
  const name = `"params":{"${key}":`;
  if (text[0] !== '{' || (text[at - 1] !== ',' && at !== 1)) return undefined;
  if (!text.startsWith(`${name}"${was}"`, at)) return undefined;
  const valueAt = at + name.length;
  return { before: text.slice(0, valueAt), after: valueAt + String(was).length + 2 };
}
