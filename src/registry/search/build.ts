/** Building an index: an inverted list of impacts, small enough to be read at once and fast enough to be read each time. */
import type { Manifest } from '../manifest.ts';
import { entryOf, FIELDS } from './entry.ts';
import { tokensOf } from './tokens.ts';

/** An index, as sections of bytes. Documents are numbered from 0. */
export interface IndexData {
  /** All terms, sorted by code unit, one a line. */
  readonly terms: string;
  /** Term number → where its postings begin; one more at the end. */
  readonly starts: Uint32Array;
  /** `document << 8 | impact`, by term. An impact (1–255) is what the term says about the document, length and field weights included. */
  readonly postings: Uint32Array;
  /** The entries as JSON with their documents' places, one a line. */
  readonly entries: Uint8Array;
  /** Document → where its entry begins; one more at the end. */
  readonly entryStarts: Uint32Array;
}

/** A manifest, and where its text is in the file of documents. */
export interface Placed {
  readonly manifest: Manifest;
  readonly offset: number;
  readonly length: number;
}

/** Saturation and length normalisation, as in BM25. */
const K1 = 1.2;
const B = 0.4;

/** Build an index. */
export function buildIndex(documents: readonly Placed[]): IndexData {
  const weights = documents.map(({ manifest }) => weigh(manifest));
  const lengths = weights.map((terms) => terms.size);
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const lists = new Map<string, number[]>();
  weights.forEach((terms, document) => {
    const norm = K1 * (1 - B + (B * terms.size) / average);
    for (const [term, weight] of terms) {
      const impact = Math.max(1, Math.round((255 * weight) / (weight + norm)));
      const posting = document * 256 + impact;
      const list = lists.get(term);
      if (list) list.push(posting);
      else lists.set(term, [posting]);
    }
  });
  return { ...packLists(lists), ...packEntries(documents) };
}

function weigh(manifest: Manifest): Map<string, number> {
  const terms = new Map<string, number>();
  FIELDS.forEach(({ weight, text }, field) => {
    for (const token of tokensOf(text(manifest), field < 3)) {
      if (token.length > 40) continue;
      terms.set(token, (terms.get(token) ?? 0) + weight);
    }
  });
  return terms;
}

function packLists(lists: ReadonlyMap<string, readonly number[]>) {
  const sorted = [...lists.keys()].sort();
  const total = [...lists.values()].reduce((sum, list) => sum + list.length, 0);
  const starts = new Uint32Array(sorted.length + 1);
  const postings = new Uint32Array(total);
  let at = 0;
  sorted.forEach((term, index) => {
    starts[index] = at;
    const list = lists.get(term) ?? [];
    postings.set(list, at);
    at += list.length;
  });
  starts[sorted.length] = at;
  return { terms: sorted.join('\n'), starts, postings };
}

function packEntries(documents: readonly Placed[]) {
  const encoder = new TextEncoder();
  const lines = documents.map(({ manifest, offset, length }) =>
    encoder.encode(`${JSON.stringify({ ...entryOf(manifest), at: [offset, length] })}\n`),
  );
  const entryStarts = new Uint32Array(lines.length + 1);
  let at = 0;
  lines.forEach((line, index) => {
    at += line.length;
    entryStarts[index + 1] = at;
  });
  return { entries: Buffer.concat(lines), entryStarts };
}

const MAGIC = 'MCPMIX01';

/** An index as one block of bytes: a magic word, five lengths, five sections, each at a multiple of 4. */
export function packIndex(index: IndexData): Uint8Array {
  const sections = [
    Buffer.from(index.terms),
    bytesOf(index.starts),
    bytesOf(index.postings),
    Buffer.from(index.entries),
    bytesOf(index.entryStarts),
  ];
  const header = Buffer.alloc(MAGIC.length + 4 * sections.length);
  header.write(MAGIC, 'latin1');
  sections.forEach((section, index) => {
    header.writeUInt32LE(section.length, MAGIC.length + 4 * index);
  });
  const padded = [header, ...sections].flatMap((section) => [
    section,
    Buffer.alloc((4 - (section.length % 4)) % 4),
  ]);
  return Buffer.concat(padded);
}

/** What {@link packIndex} made; `undefined` when the bytes are something else (an older format, a torn file). */
export function unpackIndex(bytes: Uint8Array): IndexData | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = 5;
  const headerLength = MAGIC.length + 4 * count;
  if (buffer.length < headerLength || buffer.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return undefined;
  }
  let at = Math.ceil(headerLength / 4) * 4;
  const sections: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const length = buffer.readUInt32LE(MAGIC.length + 4 * index);
    if (at + length > buffer.length) return undefined;
    sections.push(buffer.subarray(at, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  const [terms, starts, postings, entries, entryStarts] = sections;
  if (!terms || !starts || !postings || !entries || !entryStarts) return undefined;
  return {
    terms: terms.toString('utf8'),
    starts: wordsOf(starts),
    postings: wordsOf(postings),
    entries,
    entryStarts: wordsOf(entryStarts),
  };
}

function bytesOf(words: Uint32Array): Buffer {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
}

/** A view where the alignment allows it, else a copy. */
function wordsOf(bytes: Buffer): Uint32Array {
  if (bytes.byteOffset % 4 === 0) {
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  const copy = new Uint8Array(bytes);
  return new Uint32Array(copy.buffer, 0, copy.byteLength / 4);
}
