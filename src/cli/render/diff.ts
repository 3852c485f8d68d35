/** A unified diff in colours. */
import type { DiffLine } from '../../clients/index.ts';
import type { Ui } from './ui.ts';

/** The text of a diff: additions green, removals red, headers cyan and bold. */
export function renderDiff(lines: readonly DiffLine[], ui: Ui): string {
  const paint = {
    file: ui.bold,
    hunk: ui.cyan,
    same: (text: string) => text,
    add: ui.green,
    remove: ui.red,
  } satisfies Record<DiffLine['kind'], (text: string) => string>;
  return lines.map(({ kind, text }) => paint[kind](text)).join('\n');
}
