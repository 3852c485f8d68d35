/** The configured sources, in their order. */
import { readSettings } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { filesSource } from './sources/files.ts';
import { mcpmSource } from './sources/mcpm.ts';
import { memorySource } from './sources/memory.ts';
import { officialSource } from './sources/official.ts';
import type { Source, SourceConfig, SourceKind } from './sources/types.ts';

/** How a source of each kind is opened. */
const KINDS = {
  catalogue: (config) =>
    memorySource(config, async () => (await import('./catalogue/index.ts')).loadCatalogue()),
  official: officialSource,
  mcpm: mcpmSource,
  files: filesSource,
} satisfies Record<SourceKind, (config: SourceConfig) => Source>;

/** The sources when the settings name none. */
const DEFAULT_SOURCES: readonly SourceConfig[] = [
  { id: 'catalogue', kind: 'catalogue' },
  { id: 'mcpm', kind: 'mcpm', location: 'https://mcpm.sh/api/servers.json' },
  { id: 'official', kind: 'official', location: 'https://registry.modelcontextprotocol.io' },
];

const opened = new WeakMap<Context['paths'], Promise<readonly Source[]>>();

/**
 * The sources in their order: that of `MCPM_REGISTRY_URL` alone, else those of the setting `registries`, else the defaults.
 * @throws McpmError `CONFIG_SHAPE` for a source that cannot be used
 */
export function openSources(ctx: Context): Promise<readonly Source[]> {
  const known = opened.get(ctx.paths);
  if (known) return known;
  const sources = configured(ctx).then((all) => all.map((one) => KINDS[one.kind](one)));
  opened.set(ctx.paths, sources);
  return sources;
}

async function configured(ctx: Context): Promise<readonly SourceConfig[]> {
  const override = ctx.env.MCPM_REGISTRY_URL;
  if (override) return [sourceOf(override)];
  const setting = (await readSettings(ctx))['registries'];
  if (setting === undefined || setting === null) return DEFAULT_SOURCES;
  const items: unknown[] = Array.isArray(setting) ? setting : [setting];
  const sources = items.map((item) => (typeof item === 'string' ? named(item) : shaped(item)));
  const ids = sources.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return sources;
  throw unusable(`two sources are called ${twice}`, twice);
}

/** A source by the name of a default, or `ID=ADDRESS`, or an address alone. */
function named(text: string): SourceConfig {
  const known = DEFAULT_SOURCES.find(({ id }) => id === text);
  if (known) return known;
  const [, id, location] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
  return id !== undefined && location !== undefined ? sourceOf(location, id) : sourceOf(text);
}

function shaped(item: unknown): SourceConfig {
  const { id, kind, location } = (item ?? {}) as Readonly<Record<string, unknown>>;
  const isKnown = typeof kind === 'string' && kind in KINDS;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id) || !isKnown) {
    throw unusable('needs an id (a-z, 0-9, -) and a kind', item);
  }
  if (kind !== 'catalogue' && typeof location !== 'string')
    throw unusable(`${id} needs a location`, item);
  const config = { id, kind: kind as SourceKind };
  return typeof location === 'string' ? { ...config, location } : config;
}

/** A source from its address: a list of manifests ends in `.json`, the API does not, what is no web address is on this machine. */
function sourceOf(location: string, id?: string): SourceConfig {
  if (!/^https?:\/\//i.test(location)) return { id: id ?? 'files', kind: 'files', location };
  const isList = /\.json(\?|$)/i.test(location);
  return { id: id ?? 'registry', kind: isList ? 'mcpm' : 'official', location };
}

function unusable(reason: string, item: unknown): McpmError {
  return new McpmError('CONFIG_SHAPE', `The setting registries cannot be used: ${reason}`, {
    hint: `Such as: ${JSON.stringify(['catalogue', 'team=https://registry.example.com', './manifests'])}`,
    data: { item },
  });
}
