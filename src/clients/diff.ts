/** Differences between two texts as people read them: unified, secrets masked. Pure. */

/** A line of a unified diff. */
export interface DiffLine {
  readonly kind: 'file' | 'hunk' | 'same' | 'add' | 'remove';
  readonly text: string;
}

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

/** Above this many comparisons a stretch of lines is shown as replaced as a whole. */
const MAX_CELLS = 4_000_000;

interface Edit {
  readonly kind: 'same' | 'add' | 'remove';
  readonly text: string;
}

/** The unified diff of two texts; empty when they are the same. Each text line passes `mask`. */
export function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string | undefined,
  mask: (line: string) => string,
): DiffLine[] {
  if (before === after) return [];
  const edits = editsOf(linesOf(before), linesOf(after));
  const head: DiffLine[] = [
    { kind: 'file', text: `--- ${before === undefined ? '/dev/null' : file}` },
    { kind: 'file', text: `+++ ${after === undefined ? '/dev/null' : file}` },
  ];
  const signs = { same: ' ', add: '+', remove: '-' } as const;
  const body = hunksOf(edits).flatMap(({ start, end }) => [
    { kind: 'hunk' as const, text: hunkHeader(edits, start, end) },
    ...edits
      .slice(start, end)
      .map(({ kind, text }): DiffLine => ({ kind, text: `${signs[kind]}${mask(text)}` })),
  ]);
  return [...head, ...body];
}

/** The lines of a text without their ends; a carriage return shows as `␍`, so that it can be seen. */
function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.replaceAll('\r', '␍').split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No line end at the end of the file`];
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  const same = (text: string): Edit => ({ kind: 'same', text });
  return [
    ...before.slice(0, start).map(same),
    ...middle(before.slice(start, oldEnd), after.slice(start, newEnd)),
    ...before.slice(oldEnd).map(same),
  ];
}

/** The shortest way from one list of lines to another, by their longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): Edit[] {
  const remove = (text = ''): Edit => ({ kind: 'remove', text });
  const add = (text = ''): Edit => ({ kind: 'add', text });
  const cells = before.length * after.length;
  if (cells === 0 || cells > MAX_CELLS)
    return [...before.map((line) => remove(line)), ...after.map((line) => add(line))];
  const width = after.length + 1;
  const lengths = commonLengths(before, after);
  const out: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      out.push({ kind: 'same', text: before[i] ?? '' });
      i++;
      j++;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      out.push(remove(before[i++]));
    } else {
      out.push(add(after[j++]));
    }
  }
  return [
    ...out,
    ...before.slice(i).map((line) => remove(line)),
    ...after.slice(j).map((line) => add(line)),
  ];
}

/** For every pair of positions, how long the longest common subsequence of the rests is. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const at = i * width + j;
      const [below, right] = [lengths[at + width] ?? 0, lengths[at + 1] ?? 0];
      lengths[at] =
        before[i] === after[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  return lengths;
}

/** The stretches of edits to show: changes with their context, joined where the contexts meet. */
function hunksOf(edits: readonly Edit[]): { start: number; end: number }[] {
  const hunks: { start: number; end: number }[] = [];
  edits.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    const start = Math.max(0, index - CONTEXT);
    const end = Math.min(edits.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && start <= last.end) last.end = end;
    else hunks.push({ start, end });
  });
  return hunks;
}

function hunkHeader(edits: readonly Edit[], start: number, end: number): string {
  const count = (skipped: Edit['kind'], from: number, to: number) =>
    edits.slice(from, to).filter(({ kind }) => kind !== skipped).length;
  const range = (skipped: Edit['kind']) => {
    const length = count(skipped, start, end);
    const first = count(skipped, 0, start) + (length === 0 ? 0 : 1);
    return length === 1 ? `${first}` : `${first},${length}`;
  };
  return `@@ -${range('add')} +${range('remove')} @@`;
}
