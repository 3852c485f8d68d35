/** Turning away an address that keeps presenting wrong credentials. */

/** Counts failures by address. */
export interface Lockout {
  /** Milliseconds until this address may try again; 0 when it may now. */
  waitFor(address: string): number;
  failed(address: string): void;
  succeeded(address: string): void;
}

interface Failures {
  failures: number;
  until: number;
  last: number;
}

const FREE_FAILURES = 10;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;
const FORGET_AFTER = 30 * 60_000;
const CAPACITY = 10_000;

/**
 * Ten failures are free; from then on each one locks the address out for twice as long as the one before, from 5 s to 15 minutes. A
 * success clears it, half an hour of silence too. At most 10,000 addresses are remembered.
 */
export function createLockout(now: () => number = Date.now): Lockout {
  const records = new Map<string, Failures>();
  const current = (address: string): Failures | undefined => {
    const record = records.get(address);
    if (record && now() - record.last > FORGET_AFTER) records.delete(address);
    return records.get(address);
  };
  return {
    waitFor(address) {
      const record = current(address);
      return record ? Math.max(0, record.until - now()) : 0;
    },
    failed(address) {
      const failures = (current(address)?.failures ?? 0) + 1;
      const excess = failures - FREE_FAILURES;
      const wait = excess > 0 ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (excess - 1)) : 0;
      records.delete(address);
      records.set(address, { failures, until: now() + wait, last: now() });
      if (records.size > CAPACITY) records.delete(records.keys().next().value ?? address);
    },
    succeeded: (address) => void records.delete(address),
  };
}
