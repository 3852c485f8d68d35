/** Ending what was begun, in time. */
import { pause } from './backoff.ts';

/** Collects what has to be ended. */
export interface Closers {
  /** `last` waits for all that is not. */
  add(close: () => unknown, when?: 'last'): void;
  /** End everything; once. What takes longer than 1.8 s in all ends with the process. */
  close(): Promise<void>;
}

const CLOSE_WITHIN = 1_800;

/** Nothing to close yet. */
export function createClosers(): Closers {
  const first: (() => unknown)[] = [];
  const last: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const all = (closers: (() => unknown)[]) =>
    Promise.allSettled(closers.splice(0).map(async (close) => close()));
  return {
    add: (close, when) => void (when === 'last' ? last : first).push(close),
    close() {
      const late = new AbortController();
      closing ??= Promise.race([
        all(first).then(() => all(last)),
        pause(CLOSE_WITHIN, late.signal),
      ]).then(() => late.abort());
      return closing;
    },
  };
}
