/** Fresh YAML text in the manner of the document it goes into. */
import { type Document, isCollection, isScalar, stringify } from 'yaml';
import type { Key } from './model.ts';
import { type Collection, columnOf, indentStep, itemStart } from './yaml-tree.ts';

/** How a document is written. */
export interface Style {
  /** Columns from a key to the keys below it. */
  readonly step: number;
  /** The unit for what is written below the new lines. */
  readonly unit: number;
  /** Whether the dashes of a list stand further in than the key above them. */
  readonly indentSeq: boolean;
}

/** The manner of a document. */
export function styleOf(text: string, doc: Document): Style {
  const step = indentStep(text, doc);
  const flush = /^( *)(?:- )?[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1- /m.test(text);
  return { step, unit: step, indentSeq: !flush };
}

/**
 * The lines of a new item (without line ends). `place` is the block collection it joins, or the column of the key it goes
 * below, or `undefined` at the root; without `key`, `value` is a whole container.
 */
export function blockLines(
  text: string,
  place: Collection | number | undefined,
  key: Key | undefined,
  value: unknown,
  style: Style,
): string[] {
  const joins = typeof place === 'object' && isCollection(place);
  const whole = joins ? (typeof key === 'number' ? [value] : { [String(key)]: value }) : value;
  const written = stringify(whole, {
    lineWidth: 0,
    blockQuote: false,
    indent: style.unit,
    indentSeq: style.indentSeq,
  });
  const indent = ' '.repeat(indentOf(text, place, whole, style));
  return written
    .trimEnd()
    .split('\n')
    .map((line) => indent + line);
}

function indentOf(
  text: string,
  place: Collection | number | undefined,
  value: unknown,
  style: Style,
): number {
  if (place === undefined) return 0;
  if (typeof place === 'object') return columnOf(text, itemStart(place, 0));
  return Array.isArray(value) && !style.indentSeq ? place : place + style.step;
}

/** A value in flow style, on one line. */
export function flowText(value: unknown, style: Style): string {
  if (typeof value !== 'object' || value === null) return scalarText(value, null, true);
  const list = Array.isArray(value);
  const items = Object.entries(value).map(([key, item]) => {
    const inner = flowText(item, style);
    return list ? inner : `${scalarText(key, null, true)}: ${inner}`;
  });
  return list ? `[${items.join(', ')}]` : `{${items.join(', ')}}`;
}

/** A plain value, quoted as `like` is where that says the same. */
export function scalarText(value: unknown, like: unknown, inFlow: boolean): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const quoted = isScalar(like) ? like.type : undefined;
  if (quoted === 'QUOTE_DOUBLE') return JSON.stringify(value);
  if (quoted === 'QUOTE_SINGLE' && /^[\x20-\x7e]*$/.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  const plain = stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd();
  return inFlow && /[,[\]{}:#\s]/.test(plain) && !/^["']/.test(plain)
    ? JSON.stringify(value)
    : plain;
}
