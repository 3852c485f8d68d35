/** JSON files: parsed strictly, with file, line and column in every complaint. */
import { McpmError, messageOf } from '../errors.ts';
import { readText } from './files.ts';

/**
 * The parsed content of a JSON file, or `undefined` when there is no such file. A byte-order mark is accepted.
 * @throws McpmError `CONFIG_SYNTAX` with `data {file, line, column}` when it does not parse; `CONFIG_ACCESS` when it cannot be read.
 */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  return text === undefined ? undefined : parseJson(text, path);
}

/** Parse JSON that came from `file`. @throws McpmError `CONFIG_SYNTAX` with the place. */
export async function parseJson(text: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const { line, column } = await placeOfError(text);
    throw new McpmError('CONFIG_SYNTAX', `${file}:${line}:${column}: not valid JSON`, {
      hint: `Mend line ${line} of ${file} by hand; the file was left as it is.`,
      cause: new Error(messageOf(cause)),
      data: { file, line, column },
    });
  }
}

/** JSON as this program writes it: two spaces, a final line end. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Line and column (both from 1) of an offset in a text. */
export function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

/** V8 names no position in half of its messages, so the place comes from a tolerant parser, loaded only now. */
async function placeOfError(text: string): Promise<{ line: number; column: number }> {
  const { parse } = await import('jsonc-parser');
  const errors: { offset: number }[] = [];
  parse(text, errors as never, { disallowComments: true, allowTrailingComma: false });
  return placeAt(text, errors[0]?.offset ?? text.length);
}

/** Line and column of the value at a path of a JSON text; of the document when the path leads nowhere. */
export async function placeOfPath(
  text: string,
  path: readonly (string | number)[],
): Promise<{ line: number; column: number }> {
  const { findNodeAtLocation, parseTree } = await import('jsonc-parser');
  const tree = parseTree(text);
  for (let depth = path.length; tree && depth >= 0; depth--) {
    const node = findNodeAtLocation(tree, path.slice(0, depth));
    if (node) return placeAt(text, node.offset);
  }
  return { line: 1, column: 1 };
}
