/** Waiting before another attempt. */

const FIRST_WAIT = 100;
const LAST_WAIT = 2_000;

/** Milliseconds before attempt number `attempt` (from 0): doubled from 100 ms to 2 s, then 2 s, each shortened at random by up to half. */
export function waitBefore(attempt: number): number {
  const wait = Math.min(LAST_WAIT, FIRST_WAIT * 2 ** Math.min(attempt, 10));
  return wait * (0.5 + Math.random() / 2);
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
