/** The versions a server had before: what a rollback goes back to. */
import { McpmError } from '../errors.ts';
import type { PreviousVersion, Resolved } from '../install/index.ts';
import type { Subject } from './types.ts';

/** How many are kept. */
const DEPTH = 10;

/** The version before the last update. @throws McpmError `NOT_FOUND` when none is remembered. */
export function previousOf({ name, resolved }: Subject): PreviousVersion {
  const [previous] = resolved?.previous ?? [];
  if (previous !== undefined) return previous;
  throw new McpmError('NOT_FOUND', `No earlier version of ${name} is remembered`, {
    hint: `Name one: mcpm update ${name} --to VERSION`,
    data: { server: name },
  });
}

/** What is resolved now, with what was in use until now put first among the earlier ones. */
export function remember(
  now: Resolved,
  before: Resolved | undefined,
  was: Omit<PreviousVersion, 'until'>,
): Resolved {
  const earlier = before?.previous ?? [];
  return {
    ...now,
    previous: [{ ...was, until: now.resolvedAt }, ...earlier].slice(0, DEPTH),
  };
}

/** Only what has a value: optional fields are absent, not `undefined`. */
export function known<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as never;
}
