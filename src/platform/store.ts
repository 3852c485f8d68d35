/** A JSON file that several processes of this program update: lock → read → change → check → atomic write. */
import { McpmError } from '../errors.ts';
import { readText, withLock, writeFileAtomic } from './files.ts';
import { formatJson, parseJson, placeOfPath } from './json.ts';

/** How the content of a file becomes a value, and back. */
export interface Codec<T> {
  /** The value of a file that does not exist. */
  readonly empty: () => T;
  /** From parsed JSON. @throws ShapeError when the shape is wrong. */
  readonly decode: (json: unknown) => T;
  /** To JSON. */
  readonly encode: (value: T) => unknown;
}

/** What a decoder throws: where in the document, and what was expected there. */
export class ShapeError extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], expected: string) {
    super(expected);
    this.path = path;
  }
}

/** A file and its codec. */
export interface JsonStore<T> {
  /** The current value. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE` (both with line and column) or `CONFIG_ACCESS`. */
  read(): Promise<T>;
  /** Replace the value under the lock. Returning the value it was given writes nothing. */
  update(change: (value: T) => T | Promise<T>): Promise<T>;
}

/** The store over one file. A file that cannot be read as a `T` is never written. */
export function jsonStore<T>(file: string, codec: Codec<T>): JsonStore<T> {
  const read = async () => {
    const text = await readText(file);
    if (text === undefined || text.trim() === '') return codec.empty();
    const json = await parseJson(text, file);
    try {
      return codec.decode(json);
    } catch (error) {
      throw error instanceof ShapeError ? await shapeError(file, text, error) : error;
    }
  };
  return {
    read,
    update: (change) =>
      withLock(file, async () => {
        const before = await read();
        const after = await change(before);
        if (after !== before) await writeFileAtomic(file, formatJson(codec.encode(after)));
        return after;
      }),
  };
}

async function shapeError(file: string, text: string, error: ShapeError): Promise<McpmError> {
  const { line, column } = await placeOfPath(text, error.path);
  const path = error.path.join('.');
  return new McpmError(
    'CONFIG_SHAPE',
    `${file}:${line}:${column}: ${path || 'the document'} must be ${error.message}`,
    {
      hint: `Mend line ${line} of ${file} by hand; the file was left as it is.`,
      cause: error,
      data: { file, line, column, path },
    },
  );
}

/** An object, as a record without a prototype (a server may be called `constructor`). @throws ShapeError */
export function asRecord(
  value: unknown,
  path: readonly (string | number)[],
  expected = 'an object',
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ShapeError(path, expected);
  return Object.assign(Object.create(null), value) as Record<string, unknown>;
}

/** A list of texts; nothing is an empty one. @throws ShapeError */
export function asTexts(value: unknown, path: readonly (string | number)[]): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ShapeError(path, 'a list of texts');
  return value.map((item, index) => asText(item, [...path, index]));
}

/** A record of texts; nothing is an empty one. @throws ShapeError */
export function asTextRecord(
  value: unknown,
  path: readonly (string | number)[],
): Record<string, string> {
  if (value === undefined || value === null) return {};
  const record = asRecord(value, path, 'an object of texts');
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [key, asText(item, [...path, key])]),
  );
}

/** A text. @throws ShapeError */
export function asText(value: unknown, path: readonly (string | number)[]): string {
  if (typeof value !== 'string') throw new ShapeError(path, 'a text');
  return value;
}
