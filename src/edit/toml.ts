/** TOML: splices of tables, dotted keys, inline tables and lists of tables. */
import { parse, TomlError } from 'smol-toml';
import type { AST } from 'toml-eslint-parser';
import { type Box, insertItem, removeItem, type Syntax } from './brackets.ts';
import { contentEnd, eolAt, indentAt, lineEnd, lineStart, splice } from './lines.ts';
import { isRecord, type Key, nest, plain } from './model.ts';
import {
  endOfTable,
  isAt,
  isUnder,
  namesOf,
  type PairPart,
  type Part,
  partsOf,
  type TablePart,
} from './toml-tree.ts';
import { dotted, keyText, tableLines, valueText } from './toml-write.ts';
import { Obstacle, type Splicer, SyntaxFault } from './types.ts';

/** The splices of TOML. Two independent parsers have to agree on every text: one for offsets, one for values. */
export const toml: Splicer = {
  id: 'toml',

  parse(text) {
    partsOf(text);
    try {
      const model = parse(text, { integersAsBigInt: 'asNeeded' });
      return Object.keys(model).length === 0 ? undefined : plain(model);
    } catch (fault) {
      if (!(fault instanceof TomlError)) throw fault;
      throw new SyntaxFault(fault.message.split('\n')[0] ?? '', offsetOf(text, fault));
    }
  },

  insert(text, keys, value) {
    const parts = partsOf(text);
    const inside = bracketsOn(parts, keys);
    if (inside) return insertInside(text, inside, keys, value);
    const parent = keys.slice(0, -1);
    const table = parts.find((part) => part.kind === 'table' && isAt(part.keys, parent));
    const isTableValue = isRecord(value) && (keys.length === 1 || !isDotted(parts, parent));
    if (isTableValue) return insertTable(text, parts, keys, value);
    if (table?.kind === 'table') return insertPair(text, table, keys.at(-1), value);
    return insertDotted(text, parts, keys, value);
  },

  replace(text, keys, value) {
    const parts = partsOf(text);
    const part = parts.findLast(({ kind, keys: own }) => kind !== 'table' && isAt(own, keys));
    if (!part || part.kind === 'table') {
      const bare = removeParts(text, parts, keys);
      return toml.insert(bare, keys, value);
    }
    const [start, end] = part.kind === 'pair' ? part.node.value.range : part.node.range;
    return splice(text, start, end, valueText(value));
  },

  delete: (text, keys) => removeParts(text, partsOf(text), keys),
};

const INLINE: Syntax = { lineComment: '#', blockComments: false, padding: ' ', gap: ' ' };
const LIST: Syntax = { ...INLINE, padding: '' };

function offsetOf(text: string, { line, column }: TomlError): number {
  let at = 0;
  for (let passed = 1; passed < line; passed++) at = lineEnd(text, at);
  return at + column - 1;
}

type Brackets = AST.TOMLArray | AST.TOMLInlineTable;

/** The innermost inline table or list in brackets on the way to a key, with its own keys. */
function bracketsOn(parts: readonly Part[], keys: readonly Key[]) {
  return parts
    .flatMap((part) => {
      const node = part.kind === 'element' ? part.node : part.kind === 'pair' && part.node.value;
      if (!node || part.keys.length >= keys.length || !isUnder(keys, part.keys)) return [];
      const bracketed = node.type === 'TOMLArray' || node.type === 'TOMLInlineTable';
      return bracketed ? [{ node, keys: part.keys }] : [];
    })
    .at(-1);
}

function boxOf(node: Brackets): Box {
  const children = node.type === 'TOMLArray' ? node.elements : node.body;
  const items = children.map(({ range: [start, end] }) => ({ start, end }));
  return { open: node.range[0], close: node.range[1] - 1, items };
}

function syntaxOf(node: Brackets): Syntax {
  return node.type === 'TOMLArray' ? LIST : INLINE;
}

function insertInside(
  text: string,
  { node, keys: own }: { node: Brackets; keys: readonly Key[] },
  keys: readonly Key[],
  value: unknown,
): string {
  const [key, ...rest] = keys.slice(own.length);
  const label = typeof key === 'string' ? `${keyText(key)} = ` : '';
  return insertItem(text, boxOf(node), syntaxOf(node), () => label + valueText(nest(rest, value)));
}

/** Whether a table exists through dotted keys alone (`a.b = 1` makes `a`). */
function isDotted(parts: readonly Part[], keys: readonly Key[]): boolean {
  const makes = (part: Part) =>
    part.kind === 'pair' && part.keys.length > keys.length && isUnder(part.keys, keys);
  const headed = parts.some((part) => part.kind === 'table' && isUnder(part.keys, keys));
  return !headed && parts.some(makes);
}

/** A new table with a header, behind the last one of its section, else at the end. */
function insertTable(
  text: string,
  parts: readonly Part[],
  keys: readonly Key[],
  value: Record<string, unknown>,
): string {
  const tables = parts.filter((part) => part.kind === 'table');
  const siblings = tables.filter((part) => isUnder(part.keys, keys.slice(0, -1)));
  const sibling = siblings.at(-1) as TablePart | undefined;
  const anchor = sibling ? pastComments(text, endOfTable(text, sibling.node)) : text.length;
  const eol = eolAt(text, Math.max(anchor - 1, 0));
  const indent = sibling ? indentAt(text, sibling.node.range[0]) : '';
  const lines = tableLines(keys, value).map((line) => (line === '' ? '' : indent + line));
  const at = contentEnd(text, anchor);
  if (at < text.length || sibling) return splice(text, at, at, ['', '', ...lines].join(eol));
  if (text === '') return lines.join(eol) + eol;
  return text.endsWith('\n')
    ? `${text}${eol}${lines.join(eol)}${eol}`
    : `${text}${eol}${eol}${lines.join(eol)}`;
}

/** Comments right below a table belong to it when a blank line or the end of the file follows them. */
function pastComments(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    const next = lineEnd(text, at);
    const line = text.slice(next, lineEnd(text, next)).trim();
    if (next === text.length || line === '') return at;
    if (!line.startsWith('#')) return offset;
    at = next;
  }
}

function insertPair(text: string, table: TablePart, key: Key | undefined, value: unknown): string {
  const last = table.node.body.at(-1);
  const end = endOfTable(text, table.node);
  const indent = indentAt(text, last?.range[0] ?? table.node.range[0]);
  const at = contentEnd(text, end);
  const line = `${eolAt(text, end)}${indent}${keyText(key ?? '')} = ${valueText(value)}`;
  return splice(text, at, at, line);
}

/** A pair beside the dotted keys that make its table, or at the top of the file. */
function insertDotted(
  text: string,
  parts: readonly Part[],
  keys: readonly Key[],
  value: unknown,
): string {
  const pairs = parts.filter((part) => part.kind === 'pair') as PairPart[];
  const parent = keys.slice(0, -1);
  const prefixOf = ({ keys: own, node }: PairPart) => own.length - namesOf(node.key).length;
  const beside = pairs.findLast(
    (pair) =>
      pair.owner.type !== 'TOMLInlineTable' &&
      isUnder(pair.keys, parent) &&
      prefixOf(pair) <= parent.length &&
      (parent.length > 0 || pair.owner.type === 'TOMLTopLevelTable'),
  );
  if (!beside) {
    if (parent.length > 0)
      return insertTable(text, parts, parent, { [String(keys.at(-1))]: value });
    const eol = eolAt(text, 0);
    return `${dotted(keys)} = ${valueText(value)}${eol}${text === '' ? '' : eol}${text}`;
  }
  const [start, end] = beside.node.range;
  const at = contentEnd(text, end);
  const line = `${indentAt(text, start)}${dotted(keys.slice(prefixOf(beside)))} = ${valueText(value)}`;
  return splice(text, at, at, eolAt(text, end) + line);
}

/** Everything under a key goes: its tables, its pairs, its elements; from the last to the first. */
function removeParts(text: string, parts: readonly Part[], keys: readonly Key[]): string {
  const under = parts.filter((part) => isUnder(part.keys, keys));
  if (under.length === 0) throw new Obstacle('it is not there as text of its own');
  const outermost = under.filter(
    (part) => !under.some((other) => other !== part && holds(other, part)),
  );
  return outermost.reduceRight((out, part) => removePart(out, part), text);
}

function holds(outer: Part, inner: Part): boolean {
  const [start, end] = outer.node.range;
  return start <= inner.node.range[0] && inner.node.range[1] <= end;
}

function removePart(text: string, part: Part): string {
  if (part.kind === 'table') return removeTable(text, part.node);
  const { node, owner } = part;
  if (owner.type === 'TOMLArray' || owner.type === 'TOMLInlineTable') {
    const box = boxOf(owner);
    const index = box.items.findIndex(({ start }) => start === node.range[0]);
    return removeItem(text, box, index, syntaxOf(owner));
  }
  const from = lineStart(text, node.range[0]);
  if (from === 0) return splice(text, 0, lineEnd(text, node.range[1]), '');
  return splice(text, endOfLineBefore(text, from), contentEnd(text, node.range[1]), '');
}

/** A table goes with the blank line before it. */
function removeTable(text: string, node: AST.TOMLTable): string {
  const from = lineStart(text, node.range[0]);
  const end = endOfTable(text, node);
  if (from === 0) {
    const rest = lineEnd(text, end);
    return text.slice(/^\r?\n/.test(text.slice(rest)) ? lineEnd(text, rest) : rest);
  }
  const above = endOfLineBefore(text, from);
  const blank = lineStart(text, above) === above && above > 0;
  return splice(text, blank ? endOfLineBefore(text, above) : above, contentEnd(text, end), '');
}

/** Where the content of the line before a line's start ends. */
function endOfLineBefore(text: string, start: number): number {
  return contentEnd(text, lineStart(text, start - 1));
}
