/** All configured sources as one: searched together, each server shown once. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { didYouMean } from '../platform/suggest.ts';
import { freshen } from './freshness.ts';
import type { Installation, InstallationType, Manifest } from './manifest.ts';
import { merge, weighted } from './merge.ts';
import { openSources } from './open-sources.ts';
import { parseReference, type Reference } from './references.ts';
import type { Entry } from './search/entry.ts';
import type { Source } from './sources/types.ts';

/** What narrows a search. */
export interface SearchOptions {
  readonly limit?: number;
  readonly category?: string | undefined;
  readonly type?: InstallationType | undefined;
  /** Only servers published by the vendor of what they connect to. */
  readonly official?: boolean;
  /** Ask no registry: what is on this machine alone. */
  readonly offline?: boolean;
  /** Bring every copy up to date first. */
  readonly refresh?: boolean;
}

/** A server found. */
export interface Found extends Omit<Entry, 'ids'> {
  /** The source it is shown from. */
  readonly source: string;
  /** Other sources that have it. */
  readonly also: readonly string[];
}

/** What a search found. */
export interface SearchResult {
  readonly servers: readonly Found[];
  /** How many fit, of which `servers` are the best. */
  readonly total: number;
  /** What the person should know of the sources. */
  readonly notes: readonly string[];
}

/**
 * Search every source. Deleted entries are left out, deprecated and archived ones come last.
 * @throws McpmError when the settings name a source that cannot be used; one that cannot be reached or read is a note
 */
export async function search(
  ctx: Context,
  query: string,
  options: SearchOptions = {},
): Promise<SearchResult> {
  const sources = await openSources(ctx);
  const notes = await freshen(ctx, sources, options, query);
  const { category, type, official, limit } = options;
  const isFiltered = category !== undefined || type !== undefined || official === true;
  const most = isFiltered || limit === undefined ? Number.POSITIVE_INFINITY : limit * 3 + 100;
  const lists = await Promise.all(
    sources.map(async (source, rank) => {
      const { id } = source.config;
      const found = await source.search(ctx, query, most).catch((error: unknown) => {
        if (!(error instanceof McpmError)) throw error;
        notes.push(`${id}: ${error.message}; its servers are not shown`);
        return { hits: [], total: 0 };
      });
      return { source: id, ...weighted(found, query, rank) };
    }),
  );
  const merged = merge(lists).filter(({ entry }) => fits(entry, options));
  const unseen = lists.reduce((sum, { hits, total }) => sum + total - hits.length, 0);
  return {
    servers: merged.slice(0, options.limit ?? merged.length).map(({ entry, source, also }) => {
      const { ids: _, ...shown } = entry;
      return { ...shown, source, also };
    }),
    total: merged.length + unseen,
    notes,
  };
}

function fits(entry: Entry, options: SearchOptions): boolean {
  const { category, type, official } = options;
  if (entry.status === 'deleted') return false;
  if (official && !entry.official) return false;
  if (type !== undefined && !entry.types.includes(type)) return false;
  return (
    category === undefined ||
    entry.categories.some((one) => one.toLowerCase() === category.toLowerCase())
  );
}

/** References that a registry can answer; the rest has to be fetched and unpacked first (install/). */
export type RegistryReference = Extract<Reference, { kind: 'name' | 'npm' | 'pypi' | 'oci' }>;

/**
 * The manifest that a reference names: a name (in any source, or `SOURCE:NAME`), `npm:PKG`, `pypi:PKG`, `oci:IMAGE`; `@VERSION` may follow.
 * @throws McpmError `NOT_FOUND` with the nearest names; `NETWORK`, `REGISTRY` when it had to be asked for and could not
 */
export async function resolve(
  ctx: Context,
  reference: string | RegistryReference,
): Promise<Manifest> {
  const parsed = typeof reference === 'string' ? await parse(ctx, reference) : reference;
  if (parsed.kind === 'name') return byName(ctx, await openSources(ctx), parsed);
  if (parsed.kind === 'npm' || parsed.kind === 'pypi' || parsed.kind === 'oci') {
    const { packageManifest } = await import('./direct.ts');
    return packageManifest(ctx, parsed.kind, parsed.name, parsed.version);
  }
  throw new McpmError('INVALID_INPUT', `${reference} is not in a registry`);
}

/** Take a reference apart, with the configured sources in mind. */
export async function parse(ctx: Context, text: string): Promise<Reference> {
  const sources = await openSources(ctx);
  return parseReference(
    text,
    sources.map(({ config }) => config.id),
  );
}

type NameReference = Extract<Reference, { kind: 'name' }>;

/** First what is on this machine, source by source; then the registries themselves. */
async function byName(
  ctx: Context,
  all: readonly Source[],
  reference: NameReference,
): Promise<Manifest> {
  const { source: only, name, version } = reference;
  const sources = all.filter(({ config }) => only === undefined || config.id === only);
  for (const source of sources) {
    if (version !== undefined && source.lookUp) continue;
    const known = await source.byName(ctx, name);
    const found = known && (await freshest(ctx, source, known));
    if (found) return atVersion(await withOthers(ctx, all, found), version);
  }
  const failures: unknown[] = [];
  for (const source of sources) {
    const found = await ask(ctx, source, name, version).catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });
    if (found) return found;
  }
  throw await notFound(ctx, sources, reference, failures);
}

/** Notes the other sources that have a server of this name. */
async function withOthers(
  ctx: Context,
  all: readonly Source[],
  found: Manifest,
): Promise<Manifest> {
  const { origin } = found;
  if (!origin) return found;
  const others = all.filter(({ config }) => config.id !== origin.source);
  const named = await Promise.all(others.map((source) => source.byName(ctx, found.name)));
  const also = others.filter((_, at) => named[at]).map(({ config }) => config.id);
  return also.length === 0 ? found : { ...found, origin: { ...origin, also } };
}

/** What an old copy has is asked for again; when the registry cannot be reached, the copy has to do. */
async function freshest(
  ctx: Context,
  source: Source,
  known: Manifest,
): Promise<Manifest | undefined> {
  if (!source.lookUp || !(await source.isStale(ctx))) return known;
  try {
    return await source.lookUp(ctx, known.name, undefined);
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    ctx.log.warn(`${source.config.id}: ${error.message}; using what was known of ${known.name}`);
    return known;
  }
}

async function ask(
  ctx: Context,
  source: Source,
  name: string,
  version: string | undefined,
): Promise<Manifest | undefined> {
  if (source.lookUp) return source.lookUp(ctx, name, version);
  if (!(await source.isStale(ctx))) return undefined;
  await source.refresh(ctx, {});
  const found = await source.byName(ctx, name);
  return found && atVersion(found, version);
}

/** A manifest without versions of its own: the version is that of its packages. */
function atVersion(manifest: Manifest, version: string | undefined): Manifest {
  if (version === undefined) return manifest;
  const installations = Object.entries(manifest.installations).map(
    ([key, one]): [string, Installation] => [key, { ...one, version }],
  );
  return { ...manifest, version, installations: Object.fromEntries(installations) };
}

/** Nobody has it; or nobody can say so, since a registry that may have it could not be asked. */
async function notFound(
  ctx: Context,
  sources: readonly Source[],
  { source, name, version }: NameReference,
  failures: readonly unknown[],
): Promise<unknown> {
  const where = source ?? 'any registry';
  const whole = version === undefined ? name : `${name}@${version}`;
  const what = whole.length > 100 ? `${whole.slice(0, 99)}…` : whole;
  const data = { name, ...(version === undefined ? {} : { version }) };
  const failure = failures.find((error) => !isNotFound(error));
  if (failure !== undefined && !(failure instanceof McpmError)) return failure;
  const isVersion = version !== undefined && failure === undefined;
  const known = isVersion ? await versionsAmong(ctx, sources, name) : [];
  if (known.length > 0) {
    return new McpmError('NOT_FOUND', `${name} has no version ${version} in ${where}`, {
      hint: `There are ${known.slice(0, 5).join(', ')}${known.length > 5 ? ' …' : ''}`,
      data: { ...data, versions: known },
    });
  }
  const names = await namesLike(ctx, sources, name);
  const words = /^[\w./@-]{1,60}$/.test(name) ? ` ${name}` : '';
  const hint = didYouMean(name, names, failure?.hint ?? `Search for it: mcpm search${words}`);
  if (failure === undefined) {
    return new McpmError('NOT_FOUND', `${what} is not in ${where}`, { hint, data });
  }
  const message = `${what} was not found. ${failure.message}`;
  return new McpmError(failure.code, message, { hint, cause: failure, data });
}

function isNotFound(error: unknown): boolean {
  return error instanceof McpmError && error.code === 'NOT_FOUND';
}

async function namesLike(
  ctx: Context,
  sources: readonly Source[],
  name: string,
): Promise<readonly string[]> {
  const lists = await Promise.all(sources.map((one) => one.search(ctx, name, 20)));
  const hits = lists.flatMap(({ hits: found }) => found);
  return hits.flatMap(({ entry }) => (entry.status === 'deleted' ? [] : [entry.name]));
}

/** The versions that registries have of a name; those that do not answer have none. */
async function versionsAmong(
  ctx: Context,
  sources: readonly Source[],
  name: string,
): Promise<readonly string[]> {
  const asked = sources.map(async (one) => (await one.versions?.(ctx, name)) ?? []);
  const lists = await Promise.all(asked.map((list) => list.catch(() => [])));
  return [...new Set(lists.flat())];
}

/** The versions that the registry a manifest came from has of it, newest first; none for sources without versions. */
export async function versionsOf(ctx: Context, manifest: Manifest): Promise<readonly string[]> {
  const sources = await openSources(ctx);
  const source = sources.find(({ config }) => config.id === manifest.origin?.source);
  return (await source?.versions?.(ctx, manifest.name)) ?? [];
}
