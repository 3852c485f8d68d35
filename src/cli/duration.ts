/** Lengths of time as people type them. */
import { McpmError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * `90s`, `30m`, `2h`, `7d`, `1w`, or several together (`1h30m`), in milliseconds.
 * @throws McpmError `USAGE`.
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
  if (parts.map(([part]) => part).join('') === text && total > 0) return total;
  throw new McpmError('USAGE', `${JSON.stringify(text)} is not a length of time`, {
    hint: 'Write it as 30m, 2h or 7d.',
  });
}
