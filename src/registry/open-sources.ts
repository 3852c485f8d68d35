/** The configured sources, in their order. */
import type { Context } from '../context.ts';
import { memorySource } from './sources/memory.ts';
import type { Source, SourceConfig, SourceKind } from './sources/types.ts';

/** How a source of each kind is opened. */
const KINDS = {
  catalogue: (config: SourceConfig) =>
    memorySource(config, async () => (await import('./catalogue/index.ts')).loadCatalogue()),
} satisfies Partial<Record<SourceKind, (config: SourceConfig) => Source>>;

const opened = new WeakMap<Context['paths'], readonly Source[]>();

/** The sources in the order of the settings. @throws McpmError `CONFIG_SHAPE` for a source that cannot be used */
export async function openSources(ctx: Context): Promise<readonly Source[]> {
  const known = opened.get(ctx.paths);
  if (known) return known;
  const sources = [KINDS.catalogue({ id: 'catalogue', kind: 'catalogue' })];
  opened.set(ctx.paths, sources);
  return sources;
}
