// Which budgets hold: limits from budgets.json, figures from the suites.
import { readFileSync } from 'node:fs';
import { median } from '../lib/stats.mjs';

const { timed } = JSON.parse(readFileSync(new URL('../budgets.json', import.meta.url), 'utf8'));

/**
 * Judge the figures of one run.
 * @param figures id → values, one a round.
 * @returns [{id, title, limit, value?, state: 'holds' | 'missed' | 'not measured'}] for the budgets of the chosen suites.
 */
export function judge(figures, suites) {
  return timed
    .filter(({ suite }) => suites.includes(suite))
    .map(({ id, title, max, min }) => {
      const value = figures[id] === undefined ? Number.NaN : median(figures[id]);
      const limit = max === undefined ? `≥ ${min}` : `≤ ${max}`;
      const holds = max === undefined ? value >= min : value <= max;
      if (Number.isNaN(value)) return { id, title, limit, state: 'not measured' };
      return { id, title, limit, value, state: holds ? 'holds' : 'missed' };
    });
}
