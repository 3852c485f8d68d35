export function quantile(values: Iterable<number>, q: number): number;
export function median(values: Iterable<number>): number;
export function byRound(
  fn: (...values: number[]) => number,
  ...samples: readonly (readonly number[])[]
): number[];
export function fitPower(
  points: readonly (readonly [number, number])[],
): { readonly exponent: number; readonly r2: number } | undefined;
