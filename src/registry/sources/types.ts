/** What a source of manifests can do. The catalogue, registries and folders are rows that implement it. */
import type { Context } from '../../context.ts';
import type { Manifest } from '../manifest.ts';
import type { Hit, Hits } from '../search/query.ts';

/** The kinds of sources. */
export type SourceKind = 'catalogue' | 'official' | 'mcpm' | 'files';

/** A source as the settings name it. */
export interface SourceConfig {
  /** Short and unique: part of references (`official:NAME`) and of the cache's paths. */
  readonly id: string;
  readonly kind: SourceKind;
  /** The API's base URL (official), the list's URL (mcpm), a file or folder (files). */
  readonly location?: string;
}

/** How hard a refresh may try. */
export interface RefreshOptions {
  /** Ask even if the copy is fresh. */
  readonly force?: boolean;
  /** Stop after this many milliseconds; what was fetched is kept and the next refresh goes on from there. */
  readonly budgetMs?: number;
  /** What the person is looking for: asked for by name while the copy is not complete. */
  readonly query?: string;
}

/** How a refresh went. */
export interface Refreshed {
  /** Entries added, changed or removed. */
  readonly changed: number;
  /** Entries there are now. */
  readonly total: number;
  /** What the person should know: stale data, an incomplete copy. */
  readonly note?: string;
}

/** A source of manifests. */
export interface Source {
  readonly config: SourceConfig;
  /** Whether its copy is missing or old. */
  isStale(ctx: Context): Promise<boolean>;
  /** Bring the copy up to date. Failures of the network are notes when there is a copy. @throws McpmError `NETWORK`, `REGISTRY` … */
  refresh(ctx: Context, options: RefreshOptions): Promise<Refreshed>;
  /** What fits a query, best first, `most` at most, from the copy alone. */
  search(ctx: Context, query: string, most: number): Promise<Hits>;
  /** The manifest behind a hit. */
  read(ctx: Context, hit: Hit): Promise<Manifest>;
  /** The manifest of exactly this name, from the copy. */
  byName(ctx: Context, name: string): Promise<Manifest | undefined>;
  /** Ask the registry itself for a name, and a version of it. Sources without versions have none. */
  lookUp?(ctx: Context, name: string, version: string | undefined): Promise<Manifest | undefined>;
  /** The versions the registry has of a name, newest first. */
  versions?(ctx: Context, name: string): Promise<readonly string[]>;
}
