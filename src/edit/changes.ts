/** Several changes to one text, and the way back from them. */
import { isDeepStrictEqual } from 'node:util';
import { resolveKeys, sameModel, valueAt } from './model.ts';
import type { Path, TextFormat } from './types.ts';

/** One change: a value to put at a path, or `undefined` to take away what is there. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Apply changes in order. `earlier` are former texts of the same file: a removal that leads back to one of them, proven by
 * adding to it again what is being removed, gives exactly that text, so that also a section that an addition had to create
 * goes away again.
 * @throws McpmError as `TextFormat.set` and `TextFormat.remove`.
 */
export function applyChanges(
  format: TextFormat,
  text: string,
  changes: readonly Change[],
  file: string,
  earlier: readonly string[] = [],
): string {
  const after = changes.reduce(
    (current, { path, value }) =>
      value === undefined
        ? format.remove(current, path, file)
        : format.set(current, path, value, file),
    text,
  );
  const added = changes.some(({ value }) => value !== undefined);
  if (added || after === text || earlier.includes(after)) return after;
  return earlier.find((former) => leadsTo(format, former, text, after, changes, file)) ?? after;
}

/** Whether adding to `former` what `changes` remove from `text` gives exactly `text`. */
function leadsTo(
  format: TextFormat,
  former: string,
  text: string,
  after: string,
  changes: readonly Change[],
  file: string,
): boolean {
  try {
    const before = format.parse(former, file);
    const model = format.parse(text, file);
    const removed = changes.flatMap(({ path }) => {
      const value = valueAt(model, resolveKeys(model, path));
      return value === undefined ? [] : [{ path, value }];
    });
    const keys = removed[0] ? resolveKeys(model, removed[0].path) : [];
    if (!sameModel(before, format.parse(after, file), keys)) return false;
    const again = removed.reduce(
      (current, { path, value }) => format.set(current, path, value, file),
      former,
    );
    return isDeepStrictEqual(again, text);
  } catch {
    return false;
  }
}
