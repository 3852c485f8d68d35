// What one burst of load tells.
import { usage } from '../lib/processes.mjs';
import { median, quantile } from '../lib/stats.mjs';

/** The units of what `measureBurst` measures. */
export const BURST_UNITS = { p50: 'µs', p99: 'µs', rate: '/s', cpu: 'µs' };

/** One burst: latencies, rate, and the CPU that the program under test took for a call. */
export async function measureBurst({ client, pid }, options) {
  const before = usage(pid).cpuMs;
  const { latencies, elapsed } = await client.burst(options);
  const cpuMs = usage(pid).cpuMs - before;
  return {
    p50: 1000 * median(latencies),
    p99: 1000 * quantile(latencies, 0.99),
    rate: (1000 * latencies.length) / elapsed,
    cpu: (1000 * cpuMs) / latencies.length,
  };
}

/** Warm a program up: some calls one by one (some can't take more before that), then a second of eight at once. */
export async function warm(client, make) {
  await client.burst({ make, inFlight: 1, ms: 200, count: 50 });
  await client.burst({ make, inFlight: 8, ms: 1000 });
}
