/** The limits of the engine among the settings. A file of its own: a run reads it on its way to the first message. */
import type { Context } from '../context.ts';
import type { Settings } from './settings.ts';

/** The longest delay a timer can count; beyond it, it fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;
/** Delays after which something is done again and again. */
const REPEATED = new Set(['engine.keepAliveMs', 'engine.sessionIdleMs']);

/** The least and the most that a setting takes, by its key: `…Ms` are delays, the rest sizes and counts. */
export function boundsOf(key: string): { readonly min: number; readonly max: number } {
  if (!key.endsWith('Ms')) return { min: 1, max: Number.MAX_SAFE_INTEGER };
  return { min: REPEATED.has(key) ? 1_000 : 0, max: LONGEST_DELAY };
}

/** Whether a setting takes a value: a whole number within its bounds. */
export function isWithinBounds(key: string, value: unknown): value is number {
  const { min, max } = boundsOf(key);
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

/** The limits that the person set: `engine.NAME`. One that cannot be is said, and left at its default: nothing is held up by it. */
export function engineLimits(
  { log }: Pick<Context, 'log'>,
  settings: Settings,
): Readonly<Record<string, number>> {
  const set: Record<string, number> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (!key.startsWith('engine.')) continue;
    if (isWithinBounds(key, value)) set[key.slice(7)] = value;
    else log.warn(`the setting ${key} cannot be ${JSON.stringify(value)}; its default holds`);
  }
  return set;
}
