/** Changes to a large message that are made in its bytes, so that it need not be parsed and written anew. */
import type { Json } from '../json-rpc.ts';
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
