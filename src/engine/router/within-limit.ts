/** Waiting that has an end. */

/** Wait for something, but no longer than the limit (milliseconds); without one, for as long as it takes. */
export async function withinLimit(
  work: Promise<unknown>,
  limitMs: number | undefined,
): Promise<void> {
  if (limitMs === undefined) {
    await work;
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
