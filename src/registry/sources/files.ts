/** Manifests on this machine: a file of one or many, or a folder of such files. Read anew each time. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { namesIn, whatIs } from '../../platform/bytes.ts';
import { readJson } from '../../platform/json.ts';
import type { Manifest } from '../manifest.ts';
import { manifestsIn } from '../shapes.ts';
import { memorySource } from './memory.ts';
import type { Source, SourceConfig } from './types.ts';

/** A source over a file or a folder. */
export function filesSource(config: SourceConfig): Source {
  return memorySource(config, (ctx) => load(ctx, config));
}

async function load(ctx: Context, config: SourceConfig): Promise<readonly Manifest[]> {
  const path = pathOf(ctx, config.location ?? '');
  const kind = await whatIs(path);
  if (kind === undefined) {
    throw new McpmError('NOT_FOUND', `The source ${config.id} names ${path}, which is not there`, {
      hint: 'Name the sources again: mcpm config set registries …, or the usual ones: mcpm config unset registries',
      data: { source: config.id, path },
    });
  }
  const names =
    kind === 'file' ? [''] : (await namesIn(path)).filter((name) => name.endsWith('.json'));
  const lists = await Promise.all(
    names.map(async (name) => {
      const file = join(path, name);
      const { manifests, skipped } = await manifestsIn(await readJson(file), file);
      for (const reason of skipped) ctx.log.warn(reason);
      return manifests;
    }),
  );
  return lists.flat();
}

function pathOf({ cwd, home }: Context, location: string): string {
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  return resolve(cwd, path.replace(/^~(?=$|[/\\])/, home));
}
