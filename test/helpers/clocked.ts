/** A home whose clock can be moved, over one registry. */
import type { Context, ContextOverrides } from '../../src/context.ts';
import { makeHome } from './home.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-02T03:04:05.000Z');

/** Each `at(hours)` is a new process at that time: nothing is remembered but what is on disk. */
export function clocked(location: string, env: Record<string, string> = {}) {
  const overrides = (hours: number): ContextOverrides => ({
    env: { MCPM_REGISTRY_URL: location, ...env },
    now: () => new Date(START + hours * HOUR),
  });
  const { dir } = makeHome(overrides(0));
  const at = (hours: number): Context => {
    const { env: all, now } = overrides(hours);
    return makeHome({ ...(now ? { now } : {}), home: dir, env: { ...all, HOME: dir } }).ctx;
  };
  return { dir, at };
}

/** The names that a search found, in order. */
export function namesOf(result: { servers: readonly { name: string }[] }): string[] {
  return result.servers.map(({ name }) => name);
}
