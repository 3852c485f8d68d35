/** One opaque cursor over the cursors of several servers. */
import { isObject } from '../json-rpc.ts';

/** The next page of each server that has one. */
export type Cursors = Readonly<Record<string, string>>;

/** A cursor for clients; undefined when no server has more. */
export function encodeCursor(cursors: Cursors): string | undefined {
  if (Object.keys(cursors).length === 0) return undefined;
  return Buffer.from(JSON.stringify(cursors)).toString('base64url');
}

/** What a cursor holds; undefined when it is not one of ours. */
export function decodeCursor(cursor: unknown): Cursors | undefined {
  if (typeof cursor !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const sound = isObject(value) && Object.values(value).every((one) => typeof one === 'string');
    return sound ? (value as Cursors) : undefined;
  } catch {
    return undefined;
  }
}
