/** The contract of an editable text format: text in, text out, and only the bytes of the entry differ. */
import type { Key } from './model.ts';

/** The formats clients keep their configuration in. */
export type FormatId = 'jsonc' | 'yaml' | 'toml';

/** One step into a document: a key, or the element of a list whose field `where` equals `is`. */
export type Step = string | { readonly where: string; readonly is: string };

/** The way from the document's root to a value. */
export type Path = readonly Step[];

/** Reads and edits one format. Pure: no file is touched; `file` only names the text in complaints. */
export interface TextFormat {
  readonly id: FormatId;
  /**
   * The value a text holds; an empty text holds `undefined`. A byte-order mark is accepted.
   * @throws McpmError `CONFIG_SYNTAX` with `data {file, line, column}`.
   */
  parse(text: string, file: string): unknown;
  /**
   * The text with `value` at `path`. Missing containers are made; an existing object is changed field by field, so what is
   * equal already keeps its bytes; a value that is equal as a whole changes nothing.
   * @throws McpmError `CONFIG_SYNTAX`; `CONFIG_SHAPE` when a container is of another kind; `EDIT_REFUSED` when the
   *   result would differ from the intended model anywhere.
   */
  set(text: string, path: Path, value: unknown, file: string): string;
  /**
   * The text without the value at `path`; the same text when there is none. An emptied section stays, empty.
   * @throws McpmError as {@link TextFormat.set}.
   */
  remove(text: string, path: Path, file: string): string;
}

/**
 * What a format implements: parsing and three splices at a place that the driver has resolved and checked. They may throw
 * an {@link Obstacle}; the driver verifies every result.
 */
export interface Splicer {
  readonly id: FormatId;
  /** The value of a text. @throws SyntaxFault */
  parse(text: string): unknown;
  /** Put a value where there is none; containers on the way may be missing or null. */
  insert(text: string, keys: readonly Key[], value: unknown): string;
  /** Put a value in another's place. */
  replace(text: string, keys: readonly Key[], value: unknown): string;
  /** Take a value away, with its key. */
  delete(text: string, keys: readonly Key[]): string;
}

/** A text that does not parse: what is wrong, and the offset. */
export class SyntaxFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Why a splice cannot be made: a reason that a person can act on. */
export class Obstacle extends Error {}
