/** Keeping copies of registries fresh without making the person wait for it. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import type { Source } from './sources/types.ts';

/** What a command allows. */
export interface Freshness {
  /** Ask no registry. */
  readonly offline?: boolean;
  /** Ask every registry, however fresh its copy is. */
  readonly refresh?: boolean;
}

/** How long a search may wait for a registry before it answers from the copy. */
const BUDGET_MS = 4_000;

/**
 * Refresh the copies that need it, all at once.
 * @returns what the person should know, one line a source
 */
export async function freshen(
  ctx: Context,
  sources: readonly Source[],
  { offline = false, refresh = false }: Freshness,
  query = '',
): Promise<string[]> {
  if (offline) return [];
  const notes = await Promise.all(
    sources.map(async (source) => {
      if (!refresh && !(await source.isStale(ctx))) return undefined;
      const options = refresh ? { force: true } : { budgetMs: BUDGET_MS, query };
      try {
        const { note } = await source.refresh(ctx, options);
        return note === undefined ? undefined : `${source.config.id}: ${note}`;
      } catch (error) {
        if (!(error instanceof McpmError)) throw error;
        return `${source.config.id}: ${error.message}; its servers are not shown`;
      }
    }),
  );
  return notes.filter((note) => note !== undefined);
}
