/** Fresh TOML text. */
import type { Key } from './model.ts';
import { isRecord } from './model.ts';

/** A key, quoted when it has to be. */
export function keyText(key: Key): string {
  const name = String(key);
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : stringText(name);
}

/** A dotted key; indexes of lists are implied by where a header stands. */
export function dotted(keys: readonly Key[]): string {
  return keys
    .filter((key) => typeof key === 'string')
    .map(keyText)
    .join('.');
}

function stringText(value: string): string {
  return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
}

/** A value on one line. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const pairs = fields(value).map(([key, item]) => `${keyText(key)} = ${valueText(item)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** The lines of a table with its tables below it, the header first; a blank line before each further header. */
export function tableLines(keys: readonly Key[], value: Record<string, unknown>): string[] {
  const own = fields(value).filter(([, item]) => !isTable(item));
  const below = fields(value).filter(([, item]) => isTable(item));
  const name = dotted(keys);
  return [
    typeof keys.at(-1) === 'number' ? `[[${name}]]` : `[${name}]`,
    ...own.map(([key, item]) => `${keyText(key)} = ${valueText(item)}`),
    ...below.flatMap(([key, item]) => [
      '',
      ...tableLines([...keys, key], item as Record<string, unknown>),
    ]),
  ];
}

/** TOML has no null: a field without a value is left out. */
function fields(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== null);
}

function isTable(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length > 0;
}
