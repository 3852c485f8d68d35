/** Manifests that fit in memory: indexed when they are first asked for. */
import type { Context } from '../../context.ts';
import type { Manifest } from '../manifest.ts';
import { buildIndex } from '../search/build.ts';
import { type Searchable, searchable } from '../search/query.ts';
import type { Source, SourceConfig } from './types.ts';

interface Loaded {
  readonly manifests: readonly Manifest[];
  readonly index: Searchable;
}

/** A source over a list of manifests. `load` is called once a process. */
export function memorySource(
  config: SourceConfig,
  load: (ctx: Context) => Promise<readonly Manifest[]>,
): Source {
  let loaded: Promise<Loaded> | undefined;
  const open = (ctx: Context) => {
    loaded ??= load(ctx).then((manifests) => ({
      manifests,
      index: searchable(
        buildIndex(manifests.map((manifest, offset) => ({ manifest, offset, length: 0 }))),
      ),
    }));
    return loaded;
  };
  const withOrigin = (manifest: Manifest): Manifest => ({
    ...manifest,
    origin: { source: config.id, reference: `${config.id}:${manifest.name}` },
  });
  return {
    config,
    isStale: async () => false,
    refresh: async (ctx) => ({ changed: 0, total: (await open(ctx)).manifests.length }),
    search: async (ctx, query, most) => (await open(ctx)).index.search(query, most),
    async read(ctx, hit) {
      const manifest = (await open(ctx)).manifests[hit.at[0]];
      if (!manifest) throw new RangeError(`no manifest at ${hit.at[0]}`);
      return withOrigin(manifest);
    },
    async byName(ctx, name) {
      const found = (await open(ctx)).manifests.find((manifest) => manifest.name === name);
      return found && withOrigin(found);
    },
  };
}
