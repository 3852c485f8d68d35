/**
 * Adding to and taking from anything in brackets: JSON objects and arrays, YAML flow collections, TOML inline tables and
 * arrays. Works on offsets; what the items are is the caller's business.
 */
import { contentEnd, eolAt, indentAt, lineEnd, lineStart, splice, startsLine } from './lines.ts';

/** A bracketed container: the offsets of its two brackets and the ranges of its items. */
export interface Box {
  readonly open: number;
  readonly close: number;
  readonly items: readonly { readonly start: number; readonly end: number }[];
}

/** How a format writes inside brackets. */
export interface Syntax {
  readonly lineComment: '//' | '#';
  readonly blockComments: boolean;
  /** Blanks inside the brackets of a container that fits on one line. */
  readonly padding: string;
  /** Between a comma and the next item of the same line. */
  readonly gap: string;
}

/** Where a new item stands. */
export interface Layout {
  /** The blanks its line begins with; absent when it shares a line with its neighbours. */
  readonly indent: string | undefined;
  readonly eol: string;
}

/** How to open up an empty container: the indentation of its closing bracket's line, and one level more. */
export interface Expansion {
  readonly outer: string;
  readonly unit: string;
}

/**
 * Add an item behind the last one, in the container's own manner (own lines or one line, trailing comma or none).
 * `expansion` tells how to open an empty container; without it the item goes on the bracket's line.
 */
export function insertItem(
  text: string,
  box: Box,
  syntax: Syntax,
  write: (layout: Layout) => string,
  expansion?: Expansion,
): string {
  const last = box.items.at(-1);
  if (last === undefined) return insertFirst(text, box, syntax, write, expansion);
  const comma = commaAfter(text, last.end, syntax);
  const after = comma === undefined ? last.end : comma + 1;
  const trailing = comma === undefined ? '' : ',';
  if (!startsLine(text, last.start) || lineStart(text, last.start) <= box.open) {
    const item = write({ indent: undefined, eol: eolAt(text, after) });
    const lead = comma === undefined ? ',' : '';
    return splice(text, after, after, `${lead}${syntax.gap}${item}${trailing}`);
  }
  const eol = eolAt(text, lineStart(text, last.start) - 1);
  const indent = indentAt(text, last.start);
  const at = onlyTrivia(text, after, syntax) ? contentEnd(text, after) : after;
  const line = `${eol}${indent}${write({ indent, eol })}${trailing}`;
  const out = splice(text, at, at, line);
  return comma === undefined ? splice(out, last.end, last.end, ',') : out;
}

function insertFirst(
  text: string,
  box: Box,
  syntax: Syntax,
  write: (layout: Layout) => string,
  expansion: Expansion | undefined,
): string {
  const inside = text.slice(box.open + 1, box.close);
  const eol = eolAt(text, box.open);
  const content = lastTrivia(text, box.open + 1, box.close, syntax);
  const broken = text.slice(content, box.close).includes('\n');
  if (expansion === undefined && !broken) {
    const kept = text.slice(box.open + 1, content);
    const item = write({ indent: undefined, eol });
    const lead = kept === '' ? syntax.padding : ' ';
    return splice(text, content, box.close, `${lead}${item}${syntax.padding}`);
  }
  const outer = broken ? indentAt(text, box.close) : (expansion?.outer ?? '');
  const indent = outer + (expansion?.unit ?? '  ');
  const item = `${eol}${indent}${write({ indent, eol })}`;
  if (broken) {
    const at = contentEnd(text, content);
    return splice(text, at, at, item);
  }
  const kept = inside.trim() === '' ? '' : text.slice(box.open + 1, content);
  return splice(text, box.open + 1, box.close, `${kept}${item}${eol}${outer}`);
}

/** Take the item of an index away, with its comma, its line when it had one to itself, and the comment behind it. */
export function removeItem(text: string, box: Box, index: number, syntax: Syntax): string {
  const item = box.items[index];
  if (item === undefined) return text;
  const comma = commaAfter(text, item.end, syntax);
  const previous = box.items[index - 1];
  const [start, end] = rangeOf(text, box, index, syntax, comma);
  let out = splice(text, start, end, '');
  if (box.items.length === 1) {
    const close = box.close - (end - start);
    if (out.slice(box.open + 1, close).trim() === '') out = splice(out, box.open + 1, close, '');
    return out;
  }
  const orphan =
    comma === undefined && previous ? commaAfter(text, previous.end, syntax) : undefined;
  return orphan !== undefined && orphan < start ? splice(out, orphan, orphan + 1, '') : out;
}

function rangeOf(
  text: string,
  box: Box,
  index: number,
  syntax: Syntax,
  comma: number | undefined,
): [number, number] {
  const { start, end: itemEnd } = box.items[index] as { start: number; end: number };
  const end = comma === undefined ? itemEnd : comma + 1;
  const ownLine = startsLine(text, start) && lineStart(text, start) > box.open;
  if (!ownLine) {
    const blanks = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return [start - blanks, end];
  }
  const lineBefore = contentEnd(text, lineStart(text, lineStart(text, start) - 1));
  if (onlyTrivia(text, end, syntax)) return [lineBefore, contentEnd(text, end)];
  if (box.items[index + 1]) return [start, skipBlanks(text, end)];
  const behind = box.items[index - 1]?.end ?? box.open + 1;
  return commentEndsAt(text, behind, lineBefore, syntax) ? [start, end] : [lineBefore, end];
}

function skipBlanks(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset, contentEnd(text, offset)))?.[0].length ?? 0);
}

/** The offset of the comma that follows an item, if only blanks and comments stand between. */
function commaAfter(text: string, offset: number, syntax: Syntax): number | undefined {
  const at = skipTrivia(text, offset, syntax);
  return text[at] === ',' ? at : undefined;
}

/** Whether the rest of a line holds nothing but blanks and comments that end in it. */
function onlyTrivia(text: string, offset: number, syntax: Syntax): boolean {
  const end = contentEnd(text, offset);
  let at = offset;
  while (at < end) {
    const next = pastTrivium(text, at, syntax);
    if (next === at || next > lineEnd(text, offset)) return false;
    at = next;
  }
  return true;
}

function skipTrivia(text: string, offset: number, syntax: Syntax): number {
  let at = offset;
  for (let next = pastTrivium(text, at, syntax); next !== at; next = pastTrivium(text, at, syntax))
    at = next;
  return at;
}

/** Whether a line comment that stands somewhere behind an item ends at an offset. */
function commentEndsAt(text: string, item: number, offset: number, syntax: Syntax): boolean {
  let at = item;
  while (at < offset) {
    const next = pastTrivium(text, at, syntax);
    if (next === offset && text.startsWith(syntax.lineComment, at)) return true;
    at = Math.max(next, at + 1);
  }
  return false;
}

/** Where the last comment in a range of blanks and comments ends (`start` when there is none). */
function lastTrivia(text: string, start: number, end: number, syntax: Syntax): number {
  let at = start;
  let last = start;
  while (at < end) {
    const next = pastTrivium(text, at, syntax);
    if (next === at) break;
    if (text.slice(at, next).trim() !== '') last = Math.min(next, end);
    at = next;
  }
  return last;
}

/** Past one run of blanks or one comment; the offset itself when neither begins there. */
function pastTrivium(text: string, offset: number, syntax: Syntax): number {
  if (text.startsWith(syntax.lineComment, offset)) return contentEnd(text, offset);
  if (syntax.blockComments && text.startsWith('/*', offset)) {
    const end = text.indexOf('*/', offset + 2);
    return end < 0 ? text.length : end + 2;
  }
  let at = offset;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  return at;
}
