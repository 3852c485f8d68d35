/** Where everything in a TOML document is: tables, pairs and list elements with their full keys. */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { memoized } from './memo.ts';
import type { Key } from './model.ts';
import { SyntaxFault } from './types.ts';

/** A `[header]` or `[[header]]` with its pairs. */
export interface TablePart {
  readonly kind: 'table';
  readonly keys: readonly Key[];
  readonly node: AST.TOMLTable;
}

/** A `key = value`, in a table, at the top or in an inline table; a dotted key counts in full. */
export interface PairPart {
  readonly kind: 'pair';
  readonly keys: readonly Key[];
  readonly node: AST.TOMLKeyValue;
  readonly owner: AST.TOMLTable | AST.TOMLTopLevelTable | AST.TOMLInlineTable;
}

/** An element of a list in brackets. */
export interface ElementPart {
  readonly kind: 'element';
  readonly keys: readonly Key[];
  readonly node: AST.TOMLContentNode;
  readonly owner: AST.TOMLArray;
}

/** Anything that defines keys. */
export type Part = TablePart | PairPart | ElementPart;

/** All parts of a text in document order, the outer before the inner. @throws SyntaxFault */
export const partsOf = memoized((text): readonly Part[] => {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.0' });
  } catch (fault) {
    if (fault instanceof ParseError) throw new SyntaxFault(fault.message, fault.index);
    throw fault;
  }
  const [top] = program.body;
  return top.body.flatMap((node) =>
    node.type === 'TOMLTable'
      ? [
          { kind: 'table' as const, keys: node.resolvedKey, node },
          ...node.body.flatMap((pair) => pairParts(pair, node.resolvedKey, node)),
        ]
      : pairParts(node, [], top),
  );
});

function pairParts(
  node: AST.TOMLKeyValue,
  prefix: readonly Key[],
  owner: PairPart['owner'],
): Part[] {
  const keys = [...prefix, ...namesOf(node.key)];
  return [{ kind: 'pair', keys, node, owner }, ...innerParts(node.value, keys)];
}

function innerParts(node: AST.TOMLContentNode, keys: readonly Key[]): Part[] {
  if (node.type === 'TOMLInlineTable')
    return node.body.flatMap((pair) => pairParts(pair, keys, node));
  if (node.type !== 'TOMLArray') return [];
  return node.elements.flatMap((element, index) => [
    { kind: 'element' as const, keys: [...keys, index], node: element, owner: node },
    ...innerParts(element, [...keys, index]),
  ]);
}

/** The names of a dotted key. */
export function namesOf(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

/** Whether `keys` begin with `prefix`. */
export function isUnder(keys: readonly Key[], prefix: readonly Key[]): boolean {
  return prefix.every((key, index) => keys[index] === key);
}

/** Whether two keys are the same. */
export function isAt(keys: readonly Key[], other: readonly Key[]): boolean {
  return keys.length === other.length && isUnder(keys, other);
}

/** Where the content of a table ends: its last pair, or its header's closing bracket. */
export function endOfTable(text: string, { key, kind, body }: AST.TOMLTable): number {
  const last = body.at(-1);
  if (last) return last.range[1];
  return text.indexOf(kind === 'array' ? ']]' : ']', key.range[1]) + (kind === 'array' ? 2 : 1);
}
