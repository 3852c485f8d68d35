/** Where in a parsed file the entries of a client are, and what each is called. */
import type { Path } from '../edit/index.ts';
import { isFields } from './codecs/shaped.ts';
import type { ClientRow } from './types.ts';

/** One entry as it stands in the file. */
export interface NamedValue {
  readonly name: string;
  readonly value: unknown;
}

/** The path of one entry from the root of the file. */
export function entryPath(row: ClientRow, name: string): Path {
  if (row.members === 'map') return [...row.section, name];
  return [...row.section, { where: row.members.namedBy, is: name }];
}

/** The entries of a parsed file, in its order. Anything that is not of the row's form yields none. */
export function entriesOf(row: ClientRow, model: unknown): readonly NamedValue[] {
  const section = row.section.reduce<unknown>(
    (value, key) => (isFields(value) ? value[key] : undefined),
    model,
  );
  if (row.members === 'map') {
    if (!isFields(section)) return [];
    return Object.entries(section).map(([name, value]) => ({ name, value }));
  }
  const { namedBy } = row.members;
  if (!Array.isArray(section)) return [];
  return section.flatMap((value: unknown) => {
    const name = isFields(value) ? value[namedBy] : undefined;
    return typeof name === 'string' ? [{ name, value }] : [];
  });
}
