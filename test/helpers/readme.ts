/** What the README shows: commands, and what they print. */
import { readFileSync } from 'node:fs';

/** One command of the README. */
export interface Shown {
  /** As it is typed, without a comment. */
  readonly command: string;
  /** What follows it, up to the next command; empty for one that is only named. */
  readonly output: string;
}

/** The commands of all blocks without a language, in order. */
export function commandsOf(file: URL): Shown[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [line = '', ...output] = text.split('\n');
        return { command: line.replace(/\s+# .*$/, ''), output: output.join('\n').trim() };
      }),
  );
}

/**
 * Whether a program printed what is shown: a line `…` stands for any lines; versions, times, durations and sizes may be others,
 * and with them the widths of columns.
 */
export function printedAs(shown: string, printed: string): RegExpMatchArray | null {
  const pattern = masked(shown)
    .split('\n')
    .map((line) =>
      line.trim() === '…' ? '[\\s\\S]*' : line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    )
    .join('\n');
  return new RegExp(`^${pattern}$`).exec(masked(printed));
}

/** A text without what differs from day to day and machine to machine. */
export function masked(text: string): string {
  return text
    .trim()
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
    .replace(/\b\d+(\.\d+)+(-[\w.]+)?\b(?! ms)/g, 'VERSION')
    .replace(/(VERSION, )+VERSION/g, 'VERSIONS')
    .replace(/[\d.]+ ms/g, 'DURATION')
    .replace(/\d+ B\b/g, 'SIZE')
    .replace(/\d+ (more that|of) /g, 'SOME $1 ')
    .replace(/of \d+;/g, 'of ALL;')
    .replace(/ +/g, ' ')
    .replace(/ $/gm, '');
}
