/** What the registries on the network share: a copy on this machine, and rules for when it is used. */
import type { Context } from '../../context.ts';
import { McpmError, messageOf } from '../../errors.ts';
import { withoutCredentials } from '../http.ts';
import type { Manifest } from '../manifest.ts';
import {
  type CopyChange,
  type CopyState,
  changeCopy,
  copyState,
  dropCopy,
  openCopy,
} from './copy.ts';
import type { Refreshed, RefreshOptions, Source, SourceConfig } from './types.ts';

/** A copy is asked for changes when it is older than this. */
const FRESH_MS = 60 * 60 * 1000;
/** After a failure a registry is left alone for this long. */
const PAUSE_MS = 5 * 60 * 1000;

/** What a fetcher is to do. */
export interface Fetching {
  readonly config: SourceConfig;
  readonly state: CopyState;
  /** An epoch time in milliseconds after which it should stop at a good place. */
  readonly deadline: number;
  readonly query: string;
}

/** Fetches what changed. */
export type Fetcher = (
  ctx: Context,
  fetching: Fetching,
) => Promise<CopyChange & { readonly note?: string }>;

/** The parts of a source that a copy provides. */
export function cachedSource(
  config: SourceConfig,
  fetchChanges: Fetcher,
): Pick<Source, 'config' | 'isStale' | 'refresh' | 'search' | 'read' | 'byName'> {
  const withOrigin = (manifest: Manifest): Manifest => {
    const version = manifest.status === undefined ? undefined : manifest.version;
    const exact = version === undefined ? '' : `@${version}`;
    return {
      ...manifest,
      origin: {
        source: config.id,
        reference: `${config.id}:${manifest.name}${exact}`,
        ...(config.location === undefined ? {} : { url: withoutCredentials(config.location) }),
      },
    };
  };
  return {
    config,
    async isStale(ctx) {
      const state = await copyState(ctx, config);
      return !state.complete || !!state.cursor || ageOf(ctx, state.refreshedAt) > FRESH_MS;
    },
    refresh: (ctx, options) => {
      const work = () => refresh(ctx, config, fetchChanges, options);
      return unlessDamaged(ctx, config, work, work);
    },
    search(ctx, query, most) {
      const none = { hits: [], total: 0 };
      const work = async () => (await openCopy(ctx, config))?.search(query, most) ?? none;
      return unlessDamaged(ctx, config, work, () => none);
    },
    async read(ctx, hit) {
      const copy = await openCopy(ctx, config);
      if (!copy) throw new McpmError('REGISTRY', `The copy of ${config.id} is gone; search again`);
      return withOrigin(await copy.read(hit));
    },
    byName(ctx, name) {
      const work = async () => {
        const copy = await openCopy(ctx, config);
        const hit = copy?.byName(name);
        if (!copy || !hit || hit.entry.status === 'deleted') return undefined;
        return withOrigin(await copy.read(hit));
      };
      return unlessDamaged(ctx, config, work, () => undefined);
    },
  };
}

/** Work with a copy. One whose content is damaged, as a power failure leaves it, is thrown away: it can be fetched again. */
async function unlessDamaged<T>(
  ctx: Context,
  config: SourceConfig,
  work: () => Promise<T>,
  otherwise: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    ctx.log.warn(`The copy of ${config.id} was damaged and is fetched again`);
    await dropCopy(ctx, config);
    return otherwise();
  }
}

async function refresh(
  ctx: Context,
  config: SourceConfig,
  fetchChanges: Fetcher,
  { force = false, budgetMs = Number.POSITIVE_INFINITY, query = '' }: RefreshOptions,
): Promise<Refreshed> {
  const before = await copyState(ctx, config);
  const paused = !force && before.failure !== undefined && ageOf(ctx, before.triedAt) < PAUSE_MS;
  if (paused) return stale(before, before.failure ?? '');
  const now = ctx.now().toISOString();
  try {
    // The deadline is real time: the context's clock may stand still.
    const deadline = Date.now() + budgetMs;
    const { note, ...change } = await fetchChanges(ctx, { config, state: before, deadline, query });
    const state = { ...change.state, refreshedAt: now, triedAt: now };
    const { failure: _, ...clean } = before;
    const after = await changeCopy(ctx, config, clean, { ...change, state });
    return {
      changed: change.put.length,
      total: after.entries,
      ...(note === undefined ? {} : { note }),
    };
  } catch (error) {
    if (!(error instanceof McpmError)) throw error;
    await changeCopy(ctx, config, before, {
      put: [],
      state: { triedAt: now, failure: messageOf(error) },
    });
    return stale(before, error.message, error);
  }
}

/** A copy that could not be refreshed is used as it is, and the person is told; without one there is only the error. */
function stale(state: CopyState, reason: string, error?: McpmError): Refreshed {
  if (state.bytes === 0) throw error ?? new McpmError('NETWORK', reason);
  const when = state.refreshedAt?.slice(0, 16).replace('T', ' ') ?? 'an unknown time';
  const note = `${reason}; showing the copy of ${when} UTC`;
  return { changed: 0, total: state.entries, note };
}

function ageOf(ctx: Context, time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : ctx.now().getTime() - Date.parse(time);
}
