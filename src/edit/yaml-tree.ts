/** Offsets in a YAML document: the way to a node, where items begin and end. */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Box } from './brackets.ts';
import { lineStart } from './lines.ts';
import { memoized } from './memo.ts';
import type { Key } from './model.ts';
import { Obstacle, SyntaxFault } from './types.ts';

/** A mapping or a sequence, block or flow. */
export type Collection = YAMLMap<unknown, unknown> | YAMLSeq<unknown>;
type AnyNode = Collection | Scalar | Alias | null;

/** The item of a collection in which a node is, and the item in which that collection is. */
export interface Holder {
  readonly container: Collection;
  readonly index: number;
  readonly outer: Holder | undefined;
}

/** How far keys lead: the node reached, the item that holds it, the number of keys used. */
export interface Spot {
  readonly node: AnyNode;
  readonly holder: Holder | undefined;
  readonly depth: number;
}

/** The document of a text. @throws SyntaxFault also for several documents and for duplicate keys. */
export const treeOf = memoized((text): Document => {
  const doc = parseDocument(text, { keepSourceTokens: true, merge: true, prettyErrors: false });
  const [fault] = doc.errors;
  if (!fault) return doc;
  const message =
    fault.code === 'MULTIPLE_DOCS' ? 'more than one document in the file' : fault.message;
  throw new SyntaxFault(message, fault.pos[0]);
});

/** Follow keys as far as the document goes. @throws Obstacle when the way leads through an alias. */
export function descend(doc: Document, keys: readonly Key[]): Spot {
  let node = doc.contents as AnyNode;
  let holder: Holder | undefined;
  for (const [depth, key] of keys.entries()) {
    if (isAlias(node))
      throw new Obstacle(
        `"${String(keys[depth - 1])}" is an alias (*), and its other uses would change with it`,
      );
    const index = isCollection(node) ? indexOf(node, key) : -1;
    if (!isCollection(node) || index < 0) return { node, holder, depth };
    holder = { container: node, index, outer: holder };
    const item = node.items[index];
    node = (isPair(item) ? item.value : item) as AnyNode;
  }
  return { node, holder, depth: keys.length };
}

function indexOf(node: Collection, key: Key): number {
  if (isSeq(node)) return typeof key === 'number' && key < node.items.length ? key : -1;
  return node.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** A flow collection as brackets with items. */
export function boxOf(node: Collection): Box {
  const [start, end] = node.range ?? [0, 1];
  const items = node.items.map((_, index) => ({
    start: itemStart(node, index),
    end: itemEnd('', node, index),
  }));
  return { open: start, close: end - 1, items };
}

/** Where an item begins: its dash, its anchor or tag, or its key. */
export function itemStart(node: Collection, index: number): number {
  const token = tokenOf(node, index);
  const first = token?.start.find(({ type }) => LEADING.has(type));
  const item = node.items[index];
  const own = isPair(item) ? item.key : item;
  return first?.offset ?? (own as AnyNode)?.range?.[0] ?? 0;
}

const LEADING: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'anchor', 'tag']);
const PROPS: ReadonlySet<string> = new Set(['map-value-ind', 'anchor', 'tag']);

interface ItemToken {
  readonly start: readonly { type: string; offset: number; source: string }[];
  readonly sep?: readonly { type: string; offset: number; source: string }[];
}

/** The source tokens of an item; tokens of trailing commas and comments count as no item. */
function tokenOf(node: Collection, index: number): ItemToken | undefined {
  const item = node.items[index];
  if (isPair(item)) return item.srcToken as ItemToken | undefined;
  const { srcToken } = node;
  if (!srcToken || !('items' in srcToken)) return undefined;
  const real = srcToken.items.filter(
    (token) => token.value !== undefined || token.start.some(({ type }) => type === 'seq-item-ind'),
  );
  return real[index] as ItemToken | undefined;
}

/** Where an item ends, comments behind it excluded. `text` matters in block style only. */
export function itemEnd(text: string, node: Collection, index: number): number {
  const item = node.items[index];
  if (isPair(item)) return endOfPair(text, item);
  const inner = item as AnyNode;
  return inner?.range && inner.range[1] > inner.range[0]
    ? endOfNode(text, inner)
    : propsEnd({ container: node, index, outer: undefined });
}

/** Where a pair ends, comments behind it excluded. */
export function endOfPair(text: string, pair: Pair): number {
  const value = pair.value as AnyNode;
  if (value?.range && value.range[1] > value.range[0]) return endOfNode(text, value);
  const colon = lastProp(pair.srcToken as ItemToken | undefined);
  return colon ?? (pair.key as AnyNode)?.range?.[1] ?? 0;
}

/** Where a value would begin: behind the colon or dash, and behind anchor and tag. */
export function propsEnd({ container, index }: Holder): number {
  const token = tokenOf(container, index);
  const last = lastProp(token);
  if (last !== undefined) return last;
  const dash = token?.start.findLast(({ type }) => LEADING.has(type));
  return dash ? dash.offset + dash.source.length : itemStart(container, index);
}

function lastProp(token: ItemToken | undefined): number | undefined {
  const last = token?.sep?.findLast(({ type }) => PROPS.has(type));
  return last && last.offset + last.source.length;
}

/** Whether a scalar is written with `|` or `>`. */
export function isBlockScalar(node: Scalar): boolean {
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
}

/** Where the content of a node ends. */
function endOfNode(text: string, node: NonNullable<AnyNode>): number {
  if (isCollection(node) && !node.flow && node.items.length > 0)
    return itemEnd(text, node, node.items.length - 1);
  const [start, end] = node.range ?? [0, 0];
  if (!isScalar(node) || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'))
    return end;
  const source = text.slice(start, end);
  const kept = /^[|>]\d?\+/.test(source) || /^[|>]\+/.test(source);
  return start + (kept ? source.replace(/\r?\n$/, '') : source.trimEnd()).length;
}

/** The difference in columns between a mapping's keys and the keys of a mapping inside it; 2 where the document shows none. */
export function indentStep(text: string, doc: Document): number {
  const queue: unknown[] = [doc.contents];
  for (const node of queue) {
    if (!isCollection(node) || node.flow) continue;
    const inner = node.items.map((item) => (isPair(item) ? item.value : item));
    const index = isMap(node) ? inner.findIndex((value) => isMap(value) && isBlock(value)) : -1;
    const child = inner[index];
    if (isMap(child))
      return columnOf(text, itemStart(child, 0)) - columnOf(text, itemStart(node, index));
    queue.push(...inner);
  }
  return 2;
}

function isBlock(node: Collection): boolean {
  return !node.flow && node.items.length > 0;
}
