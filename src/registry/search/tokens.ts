/** Text into the words that are indexed and searched: lower case, without accents; scripts without spaces in pairs of characters. */

/** Words so common here that they say nothing about a server. */
const COMMON = new Set(
  'a an and are as at be by for from in into is it its of on or that the their this to via with your you mcp'.split(
    ' ',
  ),
);

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/u;

/**
 * The words of a text, in order.
 * @param all keep the words that are too common to be searched in descriptions
 */
export function tokensOf(text: string, all = false): string[] {
  const plain = /^[\x20-\x7e]*$/.test(text)
    ? text
    : text.normalize('NFKD').replace(/\p{Diacritic}/gu, '');
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const lower = word.toLowerCase();
    if (!all && COMMON.has(lower)) return [];
    if (UNSPACED.test(lower)) return pairs(lower);
    const parts = all ? (word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? []) : [];
    const split = parts.length > 1 ? parts.map((part) => part.toLowerCase()) : [];
    return [lower, ...split.filter((part) => part.length > 2)];
  });
}

function pairs(word: string): string[] {
  const chars = [...word];
  if (chars.length < 3) return [word];
  return chars.slice(1).map((char, index) => `${chars[index]}${char}`);
}

/** Edit distance (insertions, deletions, substitutions, swaps of neighbours) when it is at most `limit`, else `limit + 1`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = nextRow(a, b, i, row, before);
    if (Math.min(...next) > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

function nextRow(
  a: string,
  b: string,
  i: number,
  above: readonly number[],
  twoAbove: readonly number[],
): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j++) {
    const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    const value = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
    const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    row.push(swapped ? Math.min(value, (twoAbove[j - 2] ?? 0) + 1) : value);
  }
  return row;
}
