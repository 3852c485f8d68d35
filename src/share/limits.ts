/** Limits that refill with time. */

/** A token bucket: `take` says whether `amount` may pass now. */
export interface Bucket {
  take(amount?: number): boolean;
  /** Use what was not asked for beforehand; the bucket may go below zero. */
  spend(amount: number): void;
  /** Milliseconds until anything is left; 0 when something is. */
  readonly wait: number;
}

/**
 * A bucket of `burst` units that refills with `perSecond`. `now` gives milliseconds.
 */
export function createBucket(
  perSecond: number,
  burst: number,
  now: () => number = () => performance.now(),
): Bucket {
  let level = burst;
  let last = now();
  const refill = () => {
    const time = now();
    level = Math.min(burst, level + ((time - last) / 1000) * perSecond);
    last = time;
  };
  return {
    take(amount = 1) {
      refill();
      if (level < amount) return false;
      level -= amount;
      return true;
    },
    spend(amount) {
      refill();
      level -= amount;
    },
    get wait() {
      refill();
      return level > 0 ? 0 : ((1 - level) / perSecond) * 1000;
    },
  };
}

/** One bucket a key (an address, say), the longest unused forgotten beyond `capacity`. */
export function createBuckets(
  perSecond: number,
  burst: number,
  capacity = 10_000,
): (key: string) => Bucket {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const bucket = buckets.get(key) ?? createBucket(perSecond, burst);
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > capacity) buckets.delete(buckets.keys().next().value ?? key);
    return bucket;
  };
}
