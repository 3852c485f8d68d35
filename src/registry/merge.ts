/** One list of what several sources found: each server once, the best first. */
import { type Entry, nameIn, shortName } from './search/entry.ts';
import type { Hit, Hits } from './search/query.ts';

/** A server, where it is shown from, and where else it is. */
export interface Merged {
  readonly entry: Entry;
  readonly source: string;
  readonly also: string[];
  score: number;
}

/** The hits of a source, its place among the sources and whole names taken into account. */
export function weighted({ hits, total }: Hits, query: string, rank: number) {
  return { hits: hits.map((hit) => ({ ...hit, score: worth(hit, query, rank) })), total };
}

/** A whole name, also of a package, counts double, whatever its standing; earlier sources are preferred, since the person put them first. */
function worth({ entry, score }: Hit, query: string, rank: number): number {
  const names = [entry.name, shortName(entry.name), ...entry.ids.map(nameIn)];
  const isNamed = names.includes(query.trim().toLowerCase());
  const preference = 1 + 0.3 / (1 + rank);
  const isPast = entry.status === 'deprecated' || entry.archived;
  const standing = isPast && !isNamed ? 0.2 : 1;
  return score * preference * standing * (entry.official ? 1.05 : 1) * (isNamed ? 2 : 1);
}

/** A server is the same in two sources when it has the same name, or the same package, image or address. */
export function merge(lists: readonly { source: string; hits: readonly Hit[] }[]): Merged[] {
  const known = new Map<string, Merged>();
  const out: Merged[] = [];
  for (const { source, hits } of lists) {
    for (const { entry, score } of hits) {
      const keys = [`name:${entry.name}`, ...entry.ids];
      const same = keys.map((key) => known.get(key)).find((one) => one && one.source !== source);
      const merged = same ?? { entry, source, also: [], score };
      if (same) join(same, source, score);
      else out.push(merged);
      // What a later source knows it by, too: a third one may have only that in common.
      for (const key of keys) if (!known.has(key)) known.set(key, merged);
    }
  }
  return out.sort((a, b) => b.score - a.score);
}

function join(same: Merged, source: string, score: number): void {
  if (!same.also.includes(source)) same.also.push(source);
  same.score = Math.max(same.score, score);
}
