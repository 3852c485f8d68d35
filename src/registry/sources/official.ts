/** The official registry's API v0.1, and every registry that offers the same. */
import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { requestJson, withoutCredentials } from '../http.ts';
import type { Manifest } from '../manifest.ts';
import type { RegistryEntry } from '../official/schema.ts';
import { cachedSource, type Fetcher, type Fetching } from './cached.ts';
import type { CopyState } from './copy.ts';
import type { Source, SourceConfig } from './types.ts';

/** Entries a page; the most that the official registry gives. */
const PAGE = 100;
/** How long the registry may take to find names itself. */
const MATCHES_MS = 3_000;
/** A list that does not end is no list. */
const MOST_PAGES = 5_000;

/** A source over the API at an address. */
export function officialSource(config: SourceConfig): Source {
  const cached = cachedSource(config, fetchPages);
  return {
    ...cached,
    async lookUp(ctx, name, version) {
      if (!name.includes('/')) return undefined;
      const entry = await get(
        ctx,
        config,
        `${pathOf(name)}/versions/${encodeURIComponent(version ?? 'latest')}`,
      );
      if (entry === undefined) return undefined;
      const { manifestOf } = await import('../official/convert.ts');
      const { server, _meta } = entry as { server?: unknown; _meta?: unknown };
      const manifest = manifestOf(server ?? entry, _meta, `the registry ${config.id}`);
      if (manifest.status === 'deleted') return undefined;
      return {
        ...manifest,
        origin: {
          source: config.id,
          reference: `${config.id}:${manifest.name}@${manifest.version ?? 'latest'}`,
          url: withoutCredentials(config.location ?? ''),
        },
      };
    },
    async versions(ctx, name) {
      const page = await get(ctx, config, `${pathOf(name)}/versions`);
      const { pageSchema } = await import('../official/schema.ts');
      const entries = pageSchema.safeParse(page).data?.servers ?? [];
      return newestFirst(entries);
    },
  };
}

/** The versions that are not deleted: the one that the registry calls its latest, then by the time of publication. */
async function newestFirst(entries: readonly RegistryEntry[]): Promise<readonly string[]> {
  const { registryMetaOf } = await import('../official/convert.ts');
  return entries
    .map(({ server, _meta }) => ({
      version: (server as { version?: unknown } | null)?.version,
      ...registryMetaOf(_meta),
    }))
    .filter(({ status }) => status !== 'deleted')
    .sort(
      (a, b) =>
        Number(b.isLatest ?? false) - Number(a.isLatest ?? false) ||
        Date.parse(b.publishedAt ?? '') - Date.parse(a.publishedAt ?? '') ||
        0,
    )
    .flatMap(({ version }) => (typeof version === 'string' ? [version] : []));
}

function pathOf(name: string): string {
  return `/${encodeURIComponent(name)}`;
}

function address(config: SourceConfig, path: string): string {
  const base = (config.location ?? '').replace(/\/+$/, '').replace(/\/v0(\.1)?(\/servers)?$/, '');
  return `${base}/v0.1/servers${path}`;
}

/** A document of the API; `undefined` when there is none. */
async function get(ctx: Context, config: SourceConfig, path: string): Promise<unknown> {
  const { json } = await requestJson(ctx, {
    url: address(config, path),
    what: `the registry ${config.id}`,
    accept: [404],
  });
  return json;
}

/** Read the list: all of it at first, then what changed. Goes on where the last refresh had to stop. */
const fetchPages: Fetcher = async (ctx, fetching) => {
  const { state } = fetching;
  const reading: Reading = { byName: new Map(), skipped: 0, cursor: state.cursor || undefined };
  if (reading.cursor !== undefined && state.nextSince) reading.since = state.nextSince;
  const notes: string[] = [];
  try {
    await readPages(ctx, fetching, reading);
  } catch (error) {
    // What was read before the failure is kept; nothing read is a failure.
    if (reading.byName.size === 0 || !(error instanceof McpmError)) throw error;
    notes.push(error.message);
  }
  const isWhole = reading.cursor === undefined && notes.length === 0;
  if (!isWhole) notes.push(partial(state));
  if (!isWhole && !state.complete) await readMatches(ctx, fetching, reading);
  if (reading.skipped > 0) notes.push(`${reading.skipped} entries could not be read`);
  return {
    ...changeOf(reading, state, isWhole),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
};

/** While the list is not read to its end, the registry itself is asked for names with what the person is looking for. */
async function readMatches(
  ctx: Context,
  { config, query }: Fetching,
  { byName }: Reading,
): Promise<void> {
  for (const search of query.split(/\s+/).filter((word) => word.length > 1)) {
    const params = new URLSearchParams({ limit: String(PAGE), version: 'latest', search });
    const page = await fetchPage(ctx, config, params, Date.now() + MATCHES_MS).catch(
      () => undefined,
    );
    for (const manifest of page?.manifests ?? []) {
      if (!byName.has(manifest.name)) byName.set(manifest.name, manifest);
    }
  }
}

/** How far reading the list has come. */
interface Reading {
  readonly byName: Map<string, Manifest>;
  skipped: number;
  /** Where it goes on; absent at the beginning and at the end. */
  cursor: string | undefined;
  /** When it began, by the registry's clock. */
  since?: string;
}

async function readPages(
  ctx: Context,
  { config, state, deadline }: Fetching,
  reading: Reading,
): Promise<void> {
  for (let count = 0; count < MOST_PAGES; count++) {
    const page = await fetchPage(ctx, config, queryOf(state, reading.cursor), deadline).catch(
      (error: unknown) => startAgain(error, reading, count),
    );
    if (page === undefined) continue;
    if (page.next !== undefined && page.next === reading.cursor) {
      throw new McpmError('REGISTRY', `The list of the registry ${config.id} does not end`);
    }
    take(reading, page);
    if (deadline === Number.POSITIVE_INFINITY && count % 10 === 9) {
      ctx.log.info(`${config.id}: ${reading.byName.size} entries …`);
    }
    if (page.next === undefined || Date.now() >= deadline) return;
  }
}

function take(reading: Reading, page: Page): void {
  if (reading.cursor === undefined && page.date !== undefined) reading.since = page.date;
  for (const manifest of page.manifests) reading.byName.set(manifest.name, manifest);
  reading.skipped += page.skipped;
  reading.cursor = page.next;
}

/** A cursor kept from an earlier run may have expired: the list is then read from its beginning. */
function startAgain(error: unknown, reading: Reading, count: number): undefined {
  const isRefused = error instanceof McpmError && error.code === 'REGISTRY';
  const status = isRefused ? Number(error.data?.['status'] ?? 0) : 0;
  if (count > 0 || reading.cursor === undefined || status < 400 || status >= 500) throw error;
  reading.cursor = undefined;
}

/** An absent field would leave the old value in the state, so the end of a reading is an empty cursor. */
function changeOf({ byName, cursor, since }: Reading, state: CopyState, isAtEnd: boolean) {
  return {
    put: [...byName.values()],
    state: {
      complete: isAtEnd || state.complete,
      cursor: cursor ?? '',
      ...(since === undefined ? {} : { [isAtEnd ? 'since' : 'nextSince']: since }),
    },
  };
}

function partial(state: { readonly complete: boolean }): string {
  return state.complete
    ? 'not all changes were read; the next search goes on'
    : 'its list is not complete yet; the next search goes on, `mcpm search --refresh` reads it to the end';
}

function queryOf(state: CopyState, cursor: string | undefined): URLSearchParams {
  const query = new URLSearchParams({ limit: String(PAGE), version: 'latest' });
  if (state.complete && state.since) query.set('updated_since', state.since);
  if (cursor) query.set('cursor', cursor);
  return query;
}

interface Page {
  readonly manifests: readonly Manifest[];
  readonly next: string | undefined;
  readonly skipped: number;
  /** ISO time of the answer. */
  readonly date: string | undefined;
}

async function fetchPage(
  ctx: Context,
  config: SourceConfig,
  query: URLSearchParams,
  deadline: number,
): Promise<Page> {
  const { answer, json } = await requestJson(ctx, {
    url: address(config, `?${query}`),
    what: `the registry ${config.id}`,
    timeoutMs: Math.max(1, Math.min(20_000, deadline - Date.now())),
    maxWaitMs: Math.max(0, Math.min(15_000, deadline - Date.now())),
  });
  const { pageSchema } = await import('../official/schema.ts');
  const page = pageSchema.safeParse(json).data;
  if (!page) {
    throw new McpmError('REGISTRY', `The registry ${config.id} answered with no list of servers`);
  }
  const date = Date.parse(answer.headers.get('date') ?? '');
  return {
    ...(await convertAll(page.servers ?? [], config)),
    next: page.metadata?.nextCursor || undefined,
    date: Number.isNaN(date) ? undefined : new Date(date).toISOString(),
  };
}

/** The newest version of each entry as a manifest; those that cannot be read are counted. */
async function convertAll(entries: readonly RegistryEntry[], config: SourceConfig) {
  const { isLatest, manifestOf } = await import('../official/convert.ts');
  const manifests: Manifest[] = [];
  let skipped = 0;
  for (const { server, _meta } of entries) {
    if (!isLatest(_meta)) continue;
    try {
      manifests.push(manifestOf(server, _meta, `the registry ${config.id}`));
    } catch (error) {
      if (!(error instanceof McpmError)) throw error;
      skipped += 1;
    }
  }
  return { manifests, skipped };
}
