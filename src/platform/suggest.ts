/** "Did you mean …?" for names. */
import { distance } from 'fastest-levenshtein';

/** The known names closest to a mistyped one, best first; at most three, none when nothing is near. */
function suggest(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const limit = farthest(wanted.length);
  return [...known]
    .map((candidate) => ({ candidate, score: scoreOf(wanted, candidate.toLowerCase()) }))
    .filter(({ score }) => score <= limit)
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** A hint sentence over {@link suggest}, or `otherwise`. */
export function didYouMean(name: string, known: Iterable<string>, otherwise: string): string {
  const near = suggest(name, known);
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : otherwise;
}

/** How many changes apart two names may be; in words of up to three letters one alone, or they would be near to everything. */
function farthest(length: number): number {
  return length < 4 ? Math.min(1, length - 1) : Math.max(2, Math.floor(length / 3));
}

/** Names that contain what was typed, or have the same letters in another order, are near whatever their length. */
function scoreOf(wanted: string, candidate: string): number {
  const [short, long] =
    wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  if (short.length >= 3 && long.includes(short)) return 1;
  const letters = (word: string) => [...word].sort().join('');
  return letters(short) === letters(long) ? 1 : distance(short, long);
}
