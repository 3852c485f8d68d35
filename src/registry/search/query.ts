/** Searching an index: exact words, beginnings of words, and words with a typo, ranked. */
import type { IndexData } from './build.ts';
import type { Entry } from './entry.ts';
import { distance, tokensOf } from './tokens.ts';

/** An entry, where its manifest is, and how well it fits. */
export interface Hit {
  readonly entry: Entry;
  readonly at: readonly [offset: number, length: number];
  /** Higher is better; comparable between indexes. */
  readonly score: number;
}

/** What a search found. */
export interface Hits {
  readonly hits: readonly Hit[];
  /** How many fit altogether. */
  readonly total: number;
}

/** An index ready to be searched. */
export interface Searchable {
  readonly size: number;
  /** The entries that fit, best first, `most` at most. An empty query fits all, in the order of the index. */
  search(query: string, most: number): Hits;
  /** The entry with exactly this name. */
  byName(name: string): Hit | undefined;
  /** Every entry. */
  all(): readonly Hit[];
}

/** What a term counts when it is not the word itself. */
const PREFIX = 0.7;
const ONE_TYPO = 0.5;
const TWO_TYPOS = 0.3;
/** A word found in fewer entries than this may be a typo that others made too. */
const RARE = 3;

/** Open an index. */
export function searchable(index: IndexData): Searchable {
  const terms = index.terms === '' ? [] : index.terms.split('\n');
  const size = Math.max(0, index.entryStarts.length - 1);
  const decoder = new TextDecoder();
  const read = (document: number, score: number): Hit => {
    const line = index.entries.subarray(
      index.entryStarts[document] ?? 0,
      index.entryStarts[document + 1] ?? 0,
    );
    const { at, ...entry } = JSON.parse(decoder.decode(line)) as Entry & { at: [number, number] };
    return { entry, at, score };
  };
  const everything = (most: number) =>
    Array.from({ length: Math.min(size, most) }, (_, document) => read(document, 0));
  return {
    size,
    all: () => everything(size),
    search(query, most) {
      const words = [...new Set(tokensOf(query, true))];
      if (words.length === 0) return { hits: everything(most), total: size };
      const ranked = rank(index, terms, words, size);
      const best = ranked.slice(0, most);
      return { hits: best.map(([document, score]) => read(document, score)), total: ranked.length };
    },
    byName(name) {
      const words = tokensOf(name, true);
      const rarest = words
        .map((word) => lookUp(terms, word))
        .filter((at) => at >= 0)
        .map((at) => postingsOf(index, at))
        .sort((a, b) => a.length - b.length)[0];
      for (const posting of rarest ?? []) {
        const hit = read(posting >>> 8, 0);
        if (hit.entry.name === name) return hit;
      }
      return undefined;
    },
  };
}

function rank(
  index: IndexData,
  terms: readonly string[],
  words: readonly string[],
  size: number,
): [document: number, score: number][] {
  const total = new Float32Array(size);
  const matched = new Uint8Array(size);
  for (const word of words) {
    const best = scoresOf(index, variants(index, terms, word), size);
    best.forEach((score, document) => {
      if (score === 0) return;
      total[document] = (total[document] ?? 0) + score;
      matched[document] = (matched[document] ?? 0) + 1;
    });
  }
  return fitting(total, matched, words.length);
}

/** Document → the best that any variant of one word says about it. */
function scoresOf(
  index: IndexData,
  variants: Iterable<[term: number, factor: number]>,
  size: number,
): Float32Array {
  const best = new Float32Array(size);
  for (const [term, factor] of variants) {
    const postings = postingsOf(index, term);
    const rarity = Math.log(1 + (size - postings.length + 0.5) / (postings.length + 0.5));
    const worth = (factor * rarity) / 255;
    for (const posting of postings) {
      const document = posting >>> 8;
      const score = worth * (posting & 255);
      if (score > (best[document] ?? 0)) best[document] = score;
    }
  }
  return best;
}

/** Entries that have at least half of the words; each missing one costs dearly. */
function fitting(
  total: Float32Array,
  matched: Uint8Array,
  words: number,
): [document: number, score: number][] {
  const found: [number, number][] = [];
  total.forEach((score, document) => {
    const share = (matched[document] ?? 0) / words;
    if (share >= 0.5) found.push([document, score * share ** 2]);
  });
  return found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

/** The terms that a word stands for: itself, words that begin with it, and, when it is rare, words that are nearly it. */
function* variants(
  index: IndexData,
  terms: readonly string[],
  word: string,
): Iterable<[term: number, factor: number]> {
  const beginnings = [...beginningWith(terms, word)];
  for (const [at, length] of beginnings) {
    yield [at, length === word.length ? 1 : PREFIX * (0.5 + (0.5 * word.length) / length)];
  }
  const exact = beginnings.find(([, length]) => length === word.length);
  const counted = exact ? [exact] : beginnings;
  const found = counted.reduce((sum, [at]) => sum + postingsOf(index, at).length, 0);
  if (word.length >= 4 && found < RARE) yield* nearlyLike(terms, word);
}

function* beginningWith(
  terms: readonly string[],
  word: string,
): Iterable<[term: number, length: number]> {
  for (let at = lowerBound(terms, word); at < terms.length; at++) {
    const term = terms[at] ?? '';
    if (!term.startsWith(word) || (word.length < 2 && term.length > 1)) return;
    yield [at, term.length];
  }
}

function* nearlyLike(
  terms: readonly string[],
  word: string,
): Iterable<[term: number, factor: number]> {
  const limit = word.length < 7 ? 1 : 2;
  for (let at = 0; at < terms.length; at++) {
    const term = terms[at] ?? '';
    if (Math.abs(term.length - word.length) > limit || term === word) continue;
    // Few mistype both of the first two letters, and most terms are ruled out by them.
    if (term[0] !== word[0] && term[0] !== word[1] && term[1] !== word[0]) continue;
    const typos = distance(word, term, limit);
    if (typos <= limit) yield [at, typos === 1 ? ONE_TYPO : TWO_TYPOS];
  }
}

function postingsOf(index: IndexData, term: number): Uint32Array {
  return index.postings.subarray(index.starts[term] ?? 0, index.starts[term + 1] ?? 0);
}

function lookUp(terms: readonly string[], word: string): number {
  const at = lowerBound(terms, word);
  return terms[at] === word ? at : -1;
}

function lowerBound(terms: readonly string[], word: string): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((terms[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
