// Statistics of small samples: medians, quantiles, and the power law a curve follows.

/** The q-quantile (0…1) of numbers, interpolated; NaN of none. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

export const median = (values) => quantile(values, 0.5);

/** Combine two samples that were taken round by round: one value a round in which both exist. */
export function byRound(fn, ...samples) {
  const rounds = Math.min(...samples.map((one) => one.length));
  return Array.from({ length: rounds }, (_, i) => fn(...samples.map((one) => one[i])));
}

/**
 * Fit y = a · x^k by least squares over the logarithms.
 * @param points [x, y] pairs; those that are not positive are left out.
 * @returns {exponent, r2}, or undefined for fewer than three points.
 */
export function fitPower(points) {
  const logs = points.filter(([x, y]) => x > 0 && y > 0).map((pair) => pair.map(Math.log));
  if (logs.length < 3) return undefined;
  const mean = (i) => logs.reduce((sum, pair) => sum + pair[i], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const sums = logs.reduce(
    ({ xx, xy, yy }, [x, y]) => ({
      xx: xx + (x - mx) ** 2,
      xy: xy + (x - mx) * (y - my),
      yy: yy + (y - my) ** 2,
    }),
    { xx: 0, xy: 0, yy: 0 },
  );
  if (sums.xx === 0) return undefined;
  const r2 = sums.yy === 0 ? 1 : sums.xy ** 2 / (sums.xx * sums.yy);
  return { exponent: sums.xy / sums.xx, r2 };
}
