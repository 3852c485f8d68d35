/** "Did you mean …?" for names. */
import { distance } from 'fastest-levenshtein';

/** The known names closest to a mistyped one, best first; at most three, none when nothing is near. */
function suggest(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
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

/** Names that contain what was typed, or begin like it, are near whatever their length. */
function scoreOf(wanted: string, candidate: string): number {
  if (wanted.length >= 3 && (candidate.includes(wanted) || wanted.includes(candidate))) return 1;
  return distance(wanted, candidate);
}
