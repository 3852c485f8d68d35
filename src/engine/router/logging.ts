/** Log levels: the most talkative client decides what a shared server sends, each client gets what it asked for. */
import type { Party } from './party.ts';

/** RFC 5424 severities as MCP names them, least severe first. */
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

function rank(level: unknown): number {
  return LEVELS.indexOf(String(level));
}

/** Whether a level is one that MCP knows. */
export function isLevel(level: unknown): level is string {
  return rank(level) >= 0;
}

/** Whether a level lets more through than another. */
export function isBelow(level: string, other: string): boolean {
  return rank(level) < rank(other);
}

/** Whether a party wants a message of a level. One that never said gets all that the server sends. */
export function wants(party: Party, level: unknown): boolean {
  return party.logLevel === undefined || rank(level) < 0 || rank(level) >= rank(party.logLevel);
}

/** The level that a server must send from for all its parties; undefined when none ever said. */
export function neededLevel(parties: Iterable<Party>): string | undefined {
  const ranks = [...parties].map((party) => rank(party.logLevel)).filter((one) => one >= 0);
  return ranks.length === 0 ? undefined : LEVELS[Math.min(...ranks)];
}
