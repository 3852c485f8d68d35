/** Edits of configuration texts that touch nothing else. */
export { applyChanges, type Change } from './changes.ts';
export { formatOf } from './formats.ts';
export type { FormatId, Path, Step, TextFormat } from './types.ts';
