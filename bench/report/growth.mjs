// How each curve grows over its input: the exponent k of a·x^k, over all points and over the last two.
import { fitPower, median } from '../lib/stats.mjs';

/** @returns [{series, contestant, metric, unit, points: [[x, y]], exponent, r2, last}] of rows that are points of a series. */
export function growth(rows) {
  const curves = new Map();
  for (const row of rows) {
    if (row.error !== undefined) continue;
    for (const { id, x } of row.series ?? []) {
      const key = JSON.stringify([id, row.contestant, row.metric]);
      const curve = curves.get(key) ?? {
        series: id,
        contestant: row.contestant,
        metric: row.metric,
        unit: row.unit,
        points: [],
      };
      curve.points.push([x, median(row.values)]);
      curves.set(key, curve);
    }
  }
  return [...curves.values()].flatMap((curve) => {
    const points = curve.points.sort(([a], [b]) => a - b);
    const fit = fitPower(points);
    return fit === undefined ? [] : [{ ...curve, ...fit, last: slope(points.slice(-2)) }];
  });
}

function slope([[x1, y1], [x2, y2]]) {
  return Math.log(y2 / y1) / Math.log(x2 / x1);
}
