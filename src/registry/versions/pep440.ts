/** Python's version order (PEP 440), as far as choosing the newest needs it. */

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9._-]+)?$/i;

const PRE: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

interface Parsed {
  readonly release: readonly number[];
  /** epoch, release, then pre, post and dev as numbers that sort as PEP 440 says. */
  readonly rest: readonly number[];
  readonly epoch: number;
  readonly isPre: boolean;
}

function parse(version: string): Parsed | undefined {
  const match = VERSION.exec(version.trim());
  if (!match) return undefined;
  const [, epoch, release = '0', pre, preNumber, dash, post, dev, devNumber] = match;
  const hasPost = dash !== undefined || post !== undefined;
  const devOnly = dev !== undefined && pre === undefined && !hasPost;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    rest: [
      devOnly ? -1 : pre === undefined ? 9 : (PRE[pre.toLowerCase()] ?? 2),
      Number(preNumber || 0),
      hasPost ? Number(dash ?? (post || 0)) + 1 : 0,
      dev === undefined ? Number.MAX_SAFE_INTEGER : Number(devNumber || 0),
    ],
    isPre: pre !== undefined || dev !== undefined,
  };
}

/** Whether a version is for testers; what cannot be parsed counts as such. */
export function isPrerelease(version: string): boolean {
  return parse(version)?.isPre ?? true;
}

/** Negative when `a` is older than `b`. What is no version sorts first. */
export function comparePep440(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return Number(left !== undefined) - Number(right !== undefined);
  return (
    left.epoch - right.epoch ||
    compareLists(left.release, right.release) ||
    compareLists(left.rest, right.rest)
  );
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
