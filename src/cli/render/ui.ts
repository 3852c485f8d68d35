/** What a view draws with: colours that are there or not, tables, the width of the terminal. Pure text. */

import stringWidth from 'fast-string-width';
import pc from 'picocolors';

/** Drawing tools for one output. */
export interface Ui {
  /** Columns; unlimited when the output is no terminal. */
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  /** Left-aligned columns two spaces apart, no trailing blanks; the last column is cut to the width. Headers are dimmed. */
  table(headers: readonly string[], rows: readonly (readonly string[])[]): string;
  /** Labelled lines: `label  value`, the values aligned; lines without a value are left out. */
  fields(rows: readonly (readonly [label: string, value: string | undefined])[]): string;
}

/** Drawing tools for an output of this width, with or without colours. */
export function createUi(options: { color: boolean; width: number }): Ui {
  const colors = pc.createColors(options.color);
  const line = (cells: readonly string[], widths: readonly number[]) =>
    cut(
      cells
        .map((cell, i) =>
          i === cells.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - stringWidth(cell)),
        )
        .join('  '),
      options.width,
    ).trimEnd();
  const table = (headers: readonly string[], rows: readonly (readonly string[])[]) => {
    const widths = headers.map((header, i) =>
      Math.max(stringWidth(header), ...rows.map((row) => stringWidth(row[i] ?? ''))),
    );
    return [colors.dim(line(headers, widths)), ...rows.map((row) => line(row, widths))].join('\n');
  };
  return {
    width: options.width,
    bold: colors.bold,
    dim: colors.dim,
    red: colors.red,
    green: colors.green,
    yellow: colors.yellow,
    cyan: colors.cyan,
    table,
    fields: (rows) => {
      const shown = rows.filter(([, value]) => value !== undefined && value !== '');
      const widest = Math.max(0, ...shown.map(([label]) => stringWidth(label)));
      return shown
        .map(([label, value]) => `${colors.dim(label.padEnd(widest))}  ${value}`)
        .join('\n');
    },
  };
}

/** Select Graphic Rendition sequences, or one character. */
const PIECES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|[\\s\\S]`, 'gu');

/** Cut a line at a width, with an ellipsis; escape sequences are kept whole and closed. */
function cut(text: string, width: number): string {
  if (!Number.isFinite(width) || stringWidth(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    if (piece.startsWith('\u001b')) {
      out += piece;
      continue;
    }
    const next = stringWidth(piece);
    if (used + next > width - 1) return `${out}…${text.includes('\u001b') ? '\u001b[0m' : ''}`;
    out += piece;
    used += next;
  }
  return out;
}
