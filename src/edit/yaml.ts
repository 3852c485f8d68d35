/** YAML: splices in block and flow style. One document a file; aliases and merged keys are never written through. */
import { isAlias, isCollection, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { insertItem, removeItem } from './brackets.ts';
import { contentEnd, eolAt, lineEnd, lineStart, splice, startsLine } from './lines.ts';
import { type Key, nest } from './model.ts';
import { Obstacle, type Splicer, SyntaxFault } from './types.ts';
import {
  boxOf,
  type Collection,
  columnOf,
  descend,
  endOfPair,
  type Holder,
  isBlockScalar,
  itemEnd,
  itemStart,
  propsEnd,
  type Spot,
  treeOf,
} from './yaml-tree.ts';
import { blockLines, flowText, type Style, scalarText, styleOf } from './yaml-write.ts';

/** The splices of YAML. */
export const yaml: Splicer = {
  id: 'yaml',

  parse(text) {
    const doc = treeOf(text);
    try {
      return (doc.toJS() as unknown) ?? undefined;
    } catch (fault) {
      if (!(fault instanceof ReferenceError)) throw fault;
      const alias = /: (\S+)$/.exec(fault.message)?.[1] ?? '';
      throw new SyntaxFault(fault.message, Math.max(text.lastIndexOf(`*${alias}`), 0));
    }
  },

  insert(text, keys, value) {
    const doc = treeOf(text);
    const style = styleOf(text, doc);
    const spot = descend(doc, keys);
    const { node } = spot;
    if (spot.depth < keys.length - 1 && isMap(node) && node.items.some(isMerge))
      throw new Obstacle('part of it comes from a merge key (<<)');
    if (isCollection(node) && node.items.length > 0) {
      const rest = nest(keys.slice(spot.depth + 1), value);
      const key = keys[spot.depth] as Key;
      return node.flow
        ? insertFlow(text, node, key, rest, style)
        : insertLines(text, endOfBlock(text, node), blockLines(text, node, key, rest, style));
    }
    return fillEmpty(text, spot, nest(keys.slice(spot.depth), value), style);
  },

  replace(text, keys, value) {
    const doc = treeOf(text);
    const { holder, node, depth } = descend(doc, keys);
    if (depth < keys.length - 1) throw new Obstacle('it comes from a merge key (<<)');
    if (depth < keys.length) return yaml.insert(text, keys, value);
    if (!holder) return yaml.insert('', keys, value);
    const style = styleOf(text, doc);
    const [start, end] = node?.range ?? [0, 0];
    if (end > start && staysInline(holder, node, value))
      return splice(text, start, end, inlineText(value, node, holder, style));
    if (!holder.container.flow) return replaceBlock(text, holder, value, style);
    const at = propsEnd(holder);
    return splice(text, at, at, ` ${flowText(value, style)}`);
  },

  delete(text, keys) {
    const { holder, depth } = descend(treeOf(text), keys);
    if (depth < keys.length) throw new Obstacle('it comes from a merge key (<<)');
    if (!holder) return '';
    const { container, index } = holder;
    if (container.flow) {
      const syntax = flowSyntax(text, container);
      return removeItem(text, boxOf(container), index, syntax);
    }
    if (container.items.length === 1) return deleteSole(text, holder);
    const start = itemStart(container, index);
    if (startsLine(text, start)) {
      const end = itemEnd(text, container, index);
      return removeLines(text, start, pastComments(text, end, columnOf(text, start)));
    }
    const next = index + 1 < container.items.length ? itemStart(container, index + 1) : undefined;
    if (next === undefined) throw new Obstacle('it shares its line with something else');
    return splice(text, start, next, '');
  },
};

/** Whether a new value fits into the very place of the old one, on its line. */
function staysInline(holder: Holder, node: Spot['node'], value: unknown): boolean {
  if (holder.container.flow) return true;
  if (isPlain(value)) return isScalar(node) && !isBlockScalar(node);
  return isCollection(node) && node.flow === true;
}

function inlineText(value: unknown, node: Spot['node'], holder: Holder, style: Style): string {
  const inFlow = holder.container.flow === true;
  return isPlain(value) ? scalarText(value, node, inFlow) : flowText(value, style);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');
}

function flowSyntax(text: string, node: Collection) {
  const padding = text[(node.range?.[0] ?? 0) + 1] === ' ' ? ' ' : '';
  return { lineComment: '#', blockComments: false, padding, gap: ' ' } as const;
}

function insertFlow(
  text: string,
  node: Collection,
  key: Key,
  value: unknown,
  style: Style,
): string {
  const label = typeof key === 'number' ? '' : `${scalarText(key, null, true)}: `;
  return insertItem(
    text,
    boxOf(node),
    flowSyntax(text, node),
    () => label + flowText(value, style),
  );
}

/** Where a block collection ends, with the comments that belong to its last item. */
function endOfBlock(text: string, node: Collection): number {
  const last = node.items.length - 1;
  return pastComments(text, itemEnd(text, node, last), columnOf(text, itemStart(node, last)));
}

/** Comments below an item that stand further in than it belong to it: where the last of them ends. */
function pastComments(text: string, offset: number, column: number): number {
  let end = offset;
  for (let at = lineEnd(text, offset); at < text.length; at = lineEnd(text, at)) {
    const line = text.slice(at, contentEnd(text, at));
    const indent = line.search(/\S/);
    if (indent >= 0 && (line[indent] !== '#' || indent <= column)) break;
    if (indent >= 0) end = contentEnd(text, at);
  }
  return end;
}

/** New lines behind the line in which `offset` is. */
function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const at = contentEnd(text, offset);
  const eol = eolAt(text, offset);
  return splice(text, at, at, lines.map((line) => eol + line).join(''));
}

/** The lines of `[start, end)` go, with the line end before them. */
function removeLines(text: string, start: number, end: number): string {
  const from = lineStart(text, start);
  if (from === 0) return splice(text, 0, lineEnd(text, end), '');
  return splice(text, contentEnd(text, lineStart(text, from - 1)), contentEnd(text, end), '');
}

/** The first entry of an empty document, of an empty section, or of one that is null. */
function fillEmpty(text: string, spot: Spot, value: unknown, style: Style): string {
  const { node, holder } = spot;
  if (isAlias(node))
    throw new Obstacle('it is an alias (*), and its other uses would change with it');
  if (!holder) return fillRoot(text, spot, value, style);
  const [start, end] = node?.range ?? [0, 0];
  const commented = isCollection(node) && /[\n#]/.test(text.slice(start, end));
  if (holder.container.flow || !isMap(holder.container) || commented) {
    const key = Object.keys(value as object)[0] as Key;
    if (isCollection(node) && !Array.isArray(value))
      return insertFlow(text, node, key, (value as Record<string, unknown>)[key], style);
    if (isCollection(node)) return insertFlow(text, node, 0, (value as unknown[])[0], style);
    const at = propsEnd(holder);
    return splice(text, at, Math.max(at, end), ` ${flowText(value, style)}`);
  }
  const at = propsEnd(holder);
  const bare = end > start ? splice(text, at, end, '') : text;
  const column = columnOf(text, itemStart(holder.container, holder.index));
  const after = pastComments(bare, at, column);
  return insertLines(bare, after, blockLines(bare, column, undefined, value, style));
}

function fillRoot(text: string, { node }: Spot, value: unknown, style: Style): string {
  const eol = eolAt(text, 0);
  const lines = blockLines(text, undefined, undefined, value, style).join(eol);
  const [start, end] = node?.range ?? [0, 0];
  if (end > start) return splice(text, start, end, lines);
  if (text === '') return lines + eol;
  return text.endsWith('\n') ? text + lines + eol : `${text}${eol}${lines}`;
}

/** The last item of a block collection: what is left says that it is empty. */
function deleteSole(text: string, { container, index, outer }: Holder): string {
  const start = itemStart(container, index);
  const end = itemEnd(text, container, index);
  if (!outer) return startsLine(text, start) ? removeLines(text, start, end) : '';
  const nothing = isSeq(container) ? '[]' : '{}';
  if (!startsLine(text, start)) return splice(text, start, end, nothing);
  const bare = removeLines(text, start, end);
  return splice(bare, propsEnd(outer), propsEnd(outer), ` ${nothing}`);
}

/** Another value for an item of a block collection; its key keeps its bytes. */
function replaceBlock(text: string, holder: Holder, value: unknown, style: Style): string {
  const { container, index } = holder;
  const start = itemStart(container, index);
  const eol = eolAt(text, start);
  const column = columnOf(text, start);
  if (isSeq(container)) {
    const lines = blockLines(text, column, 0, [value], { ...style, step: 0 });
    return splice(text, start, itemEnd(text, container, index), lines.join(eol).trimStart());
  }
  const pair = container.items[index] as Pair;
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  if (!colon) throw new Obstacle('its key has no value');
  const [first = '', ...others] = blockLines(text, column, 0, { k: value }, { ...style, step: 0 });
  const body = [first.trimStart().slice(2), ...others].join(eol);
  return splice(text, colon.offset + 1, endOfPair(text, pair), body);
}
