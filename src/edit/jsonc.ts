/** JSON with comments and trailing commas: splices. */
import { type Node, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Box, insertItem, type Layout, removeItem, type Syntax } from './brackets.ts';
import { indentAt, lineStart, splice, startsLine } from './lines.ts';
import { type Key, nest } from './model.ts';
import { Obstacle, type Splicer, SyntaxFault } from './types.ts';

/** The splices of JSONC. */
export const jsonc: Splicer = {
  id: 'jsonc',

  parse(text) {
    try {
      // Many times faster, and what most files are.
      return JSON.parse(text) as unknown;
    } catch {
      const tree = treeOf(text);
      return tree && modelOf(tree);
    }
  },

  insert(text, keys, value) {
    const root = treeOf(text);
    if (!root) return newDocument(text, nest(keys, value));
    const style = styleOf(text, root);
    const { node, depth } = descend(root, keys);
    const key = keys[depth];
    const rest = nest(keys.slice(depth + 1), value);
    if (key === undefined || node.type === 'null') {
      const whole = key === undefined ? rest : nest(keys.slice(depth), value);
      return replaceNode(text, node, whole, style);
    }
    const label = typeof key === 'number' ? '' : `${JSON.stringify(key)}:${style.gap}`;
    const write = (layout: Layout) => label + writeJson(rest, style, layout);
    const expansion = style.oneLine
      ? undefined
      : { outer: indentAt(text, node.offset), unit: style.unit };
    return insertItem(text, boxOf(node), syntaxOf(text, node, style), write, expansion);
  },

  replace(text, keys, value) {
    const root = treeOf(text);
    if (!root) return newDocument(text, nest(keys, value));
    return replaceNode(text, descend(root, keys).node, value, styleOf(text, root));
  },

  delete(text, keys) {
    const root = treeOf(text);
    if (!root) return text;
    const { node } = descend(root, keys);
    const item = node.parent?.type === 'property' ? node.parent : node;
    const container = item.parent;
    if (!container) return '';
    const index = container.children?.indexOf(item) ?? -1;
    return removeItem(
      text,
      boxOf(container),
      index,
      syntaxOf(text, container, styleOf(text, root)),
    );
  },
};

/** How a file is written. */
interface Style {
  /** One level of indentation. */
  readonly unit: string;
  /** Between a colon or comma and what follows it in the same line. */
  readonly gap: string;
  /** Nothing in the whole file is on a line of its own. */
  readonly oneLine: boolean;
  /** Lists of plain values stand on one line. */
  readonly flatLists: boolean;
}

function treeOf(text: string): Node | undefined {
  const errors: { error: number; offset: number; length: number }[] = [];
  const options = { allowTrailingComma: true, allowEmptyContent: true };
  const tree = parseTree(text, errors, options);
  const [first] = errors;
  if (first) throw new SyntaxFault(describe(printParseErrorCode(first.error)), first.offset);
  return tree;
}

/** `PropertyNameExpected` → "property name expected". */
function describe(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function modelOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(modelOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children: [key, value] = [] }) => [
      String(key?.value),
      value && modelOf(value),
    ]),
  );
}

/** As far down the keys as the document goes: the node reached and how many keys it took. */
function descend(root: Node, keys: readonly Key[]): { node: Node; depth: number } {
  let node = root;
  for (const [depth, key] of keys.entries()) {
    const child = childNode(node, key);
    if (!child) return { node, depth };
    node = child;
  }
  return { node, depth: keys.length };
}

function childNode(node: Node, key: Key): Node | undefined {
  if (typeof key === 'number') return node.children?.[key];
  const found = (node.children ?? []).filter((property) => property.children?.[0]?.value === key);
  if (found.length > 1) throw new Obstacle(`the key ${JSON.stringify(key)} occurs twice there`);
  return found[0]?.children?.[1];
}

function boxOf(node: Node): Box {
  const items = (node.children ?? []).map(({ offset, length }) => ({
    start: offset,
    end: offset + length,
  }));
  return { open: node.offset, close: node.offset + node.length - 1, items };
}

function syntaxOf(text: string, node: Node, { gap }: Style): Syntax {
  const outer = node.children?.length ? node : (node.parent?.parent ?? node);
  const padding = text[outer.offset + 1] === ' ' ? ' ' : '';
  return { lineComment: '//', blockComments: true, padding, gap };
}

function replaceNode(text: string, node: Node, value: unknown, style: Style): string {
  const layout = {
    indent: style.oneLine ? undefined : indentAt(text, node.offset),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const by = writeJson(value, style, layout);
  return splice(text, node.offset, node.offset + node.length, by);
}

function newDocument(text: string, value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const kept = text.trim() === '' ? '' : text.replace(/(?<!\n)$/, eol);
  const style = { unit: '  ', gap: ' ', oneLine: false, flatLists: false };
  return `${kept}${writeJson(value, style, { indent: '', eol })}${eol}`;
}

function styleOf(text: string, root: Node): Style {
  const body = text.slice(root.offset, root.offset + root.length);
  const colon = root.children?.[0]?.colonOffset;
  const oneLine = !body.includes('\n') && (root.children?.length ?? 0) > 0;
  return {
    unit: unitOf(text, root),
    gap: colon === undefined || /\s/.test(text[colon + 1] ?? '') ? ' ' : '',
    oneLine,
    flatLists: /\[[ \t]*[^\s[\]{}][^\n[\]{}]*\]/.test(body) && !/\[\s*\n\s*["\d]/.test(body),
  };
}

/** One level of indentation, from the first child that has a line of its own in a parent whose line is known. */
function unitOf(text: string, root: Node): string {
  const queue = [root];
  for (const node of queue) {
    const children = (node.children ?? []).map((child) =>
      child.type === 'property' ? child.children?.[1] : child,
    );
    const first = node.children?.[0];
    if (first && startsLine(text, first.offset) && lineStart(text, first.offset) > node.offset) {
      const unit = indentAt(text, first.offset).slice(indentAt(text, node.offset).length);
      if (unit !== '') return unit;
    }
    queue.push(...children.filter((child) => child !== undefined));
  }
  return '  ';
}

function writeJson(value: unknown, style: Style, layout: Layout): string {
  const { indent, eol } = layout;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const [open, close] = list ? '[]' : '{}';
  const flat = indent === undefined || (list && style.flatLists && value.every(isPlain));
  const inner = flat ? undefined : indent + style.unit;
  const items = Object.entries(value).map(([key, item]) => {
    const label = list ? '' : `${JSON.stringify(key)}:${style.gap}`;
    return label + writeJson(item, style, { indent: inner, eol });
  });
  if (items.length === 0) return `${open}${close}`;
  if (inner === undefined) {
    const padding = list ? '' : style.gap;
    return `${open}${padding}${items.join(`,${style.gap}`)}${padding}${close}`;
  }
  return `${open}${eol}${inner}${items.join(`,${eol}${inner}`)}${eol}${indent}${close}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
