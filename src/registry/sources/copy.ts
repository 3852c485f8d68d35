/**
 * A registry's copy on this machine: its manifests in one file, an index over them, and a small second index over what changed since. Files are
 * never changed in place but for the appended manifests; the state file, written last, names those that belong together.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { appendAt, readBytes, readRange, sizeOf, sweep } from '../../platform/bytes.ts';
import { readText, withLock, writeFileAtomic } from '../../platform/files.ts';
import type { Manifest } from '../manifest.ts';
import { buildIndex, type Placed, packIndex, unpackIndex } from '../search/build.ts';
import { type Hit, type Hits, type Searchable, searchable } from '../search/query.ts';
import type { SourceConfig } from './types.ts';

/** What is known about a copy. */
export interface CopyState {
  /** Raised when the files' format changes: older copies are then fetched anew. */
  readonly format: 1;
  /** Counts rewritings of the manifests: part of the files' names. */
  readonly generation: number;
  /** Counts changes within a generation. */
  readonly revision: number;
  /** Bytes of the manifests' file that count, and those that the first index covers. */
  readonly bytes: number;
  readonly indexedBytes: number;
  /** Sizes of the two indexes: files that were cut are not read. */
  readonly indexSize: number;
  readonly changesSize: number;
  readonly entries: number;
  /** The list was read to its end. */
  readonly complete: boolean;
  /** Where reading the list goes on. */
  readonly cursor?: string;
  /** Ask for what changed since this time (ISO), by the registry's clock. */
  readonly since?: string;
  /** When the reading that `cursor` goes on with began: `since` once it has ended. */
  readonly nextSince?: string;
  readonly etag?: string;
  /** ISO time of the last success, and of the last try. */
  readonly refreshedAt?: string;
  readonly triedAt?: string;
  /** Why the last try failed. */
  readonly failure?: string;
}

/** How a copy changes. */
export interface CopyChange {
  /** New or changed manifests; one with status `deleted` takes its name away. */
  readonly put: readonly Manifest[];
  /** The manifests are all there are: what is not among them goes. */
  readonly replaceAll?: boolean;
  readonly state: Partial<
    Omit<CopyState, 'format' | 'generation' | 'revision' | 'bytes' | 'indexSize' | 'changesSize'>
  >;
}

/** A copy that is open for reading. */
export interface Copy {
  readonly state: CopyState;
  search(query: string, most: number): Hits;
  byName(name: string): Hit | undefined;
  read(hit: Hit): Promise<Manifest>;
}

const EMPTY: CopyState = {
  format: 1,
  generation: 0,
  revision: 0,
  bytes: 0,
  indexedBytes: 0,
  indexSize: 0,
  changesSize: 0,
  entries: 0,
  complete: false,
};

/** Changes are indexed apart until they are this many, and this share of the whole. */
const MERGE_AT = { entries: 500, share: 0.1 };

/** The folder of a source's copy. Another address is another copy. */
function folderOf(ctx: Context, config: SourceConfig): string {
  const address = createHash('sha256')
    .update(config.location ?? '')
    .digest('hex')
    .slice(0, 8);
  return join(ctx.paths.cacheDir, 'registry', `${config.id}-${address}`);
}

interface Files {
  readonly folder: string;
  readonly state: string;
  manifests(state: CopyState): string;
  index(state: CopyState): string;
  changes(state: CopyState): string;
}

function filesOf(ctx: Context, config: SourceConfig): Files {
  const folder = folderOf(ctx, config);
  return {
    folder,
    state: join(folder, 'state.json'),
    manifests: ({ generation }) => join(folder, `manifests-${generation}.jsonl`),
    index: ({ generation }) => join(folder, `index-${generation}.bin`),
    changes: ({ generation, revision }) => join(folder, `changes-${generation}-${revision}.bin`),
  };
}

/** The state of a source's copy; an empty one when there is none, or when it cannot be read. */
export async function copyState(ctx: Context, config: SourceConfig): Promise<CopyState> {
  const files = filesOf(ctx, config);
  const state = parseState(await readText(files.state).catch(() => undefined));
  if (state.bytes === 0) return state;
  const [manifests, index, changes] = await Promise.all(
    [files.manifests, files.index, files.changes].map((of) => sizeOf(of(state))),
  );
  const isWhole =
    (manifests ?? 0) >= state.bytes &&
    (state.indexedBytes === 0 || index === state.indexSize) &&
    (state.bytes === state.indexedBytes || changes === state.changesSize);
  return isWhole ? state : { ...EMPTY, generation: state.generation };
}

function parseState(text: string | undefined): CopyState {
  try {
    const state = JSON.parse(text ?? '{}') as Partial<CopyState>;
    return state.format === EMPTY.format ? { ...EMPTY, ...state } : EMPTY;
  } catch {
    return EMPTY;
  }
}

/** Open a copy for reading; `undefined` when there is none. */
export async function openCopy(ctx: Context, config: SourceConfig): Promise<Copy | undefined> {
  const files = filesOf(ctx, config);
  // Another process may replace the files between the state and them: then they are looked for once more.
  return (
    (await open(files, await copyState(ctx, config))) ?? open(files, await copyState(ctx, config))
  );
}

async function open(files: Files, state: CopyState): Promise<Copy | undefined> {
  if (state.bytes === 0) return undefined;
  const read = async (path: string) => {
    const index = unpackIndex((await readBytes(path)) ?? new Uint8Array());
    return index && searchable(index);
  };
  const [base, changes] = await Promise.all([
    state.indexedBytes > 0 ? read(files.index(state)) : undefined,
    state.bytes > state.indexedBytes ? read(files.changes(state)) : undefined,
  ]);
  if (!base && !changes) return undefined;
  return overlaid(state, base, changes, async ({ at: [offset, length] }) => {
    const bytes = await readRange(files.manifests(state), offset, length);
    return JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
  });
}

/** The changes hide what they replace. */
function overlaid(
  state: CopyState,
  base: Searchable | undefined,
  changes: Searchable | undefined,
  read: Copy['read'],
): Copy {
  const hidden = new Set([...(changes?.all() ?? [])].map(({ entry }) => entry.name));
  return {
    state,
    read,
    search(query, most) {
      const changed = changes?.search(query, most);
      const kept = base?.search(query, most + hidden.size);
      if (!changed || !kept) return changed ?? kept ?? { hits: [], total: 0 };
      const hits = [...kept.hits.filter(({ entry }) => !hidden.has(entry.name)), ...changed.hits];
      hits.sort((a, b) => b.score - a.score);
      const replaced = kept.hits.length + changed.hits.length - hits.length;
      return { hits: hits.slice(0, most), total: kept.total + changed.total - replaced };
    },
    byName: (name) => (hidden.has(name) ? changes?.byName(name) : base?.byName(name)),
  };
}

/** Forget a copy. */
export async function dropCopy(ctx: Context, config: SourceConfig): Promise<void> {
  const { folder, state } = filesOf(ctx, config);
  await withLock(state, () =>
    sweep(folder, (name) => /^(manifests|index|changes|state)\b/.test(name)),
  );
}

/**
 * Change a copy. When another process changed it since `before` was read, its work stands and this change is dropped.
 * @returns the state as it is then
 */
export async function changeCopy(
  ctx: Context,
  config: SourceConfig,
  before: CopyState,
  change: CopyChange,
): Promise<CopyState> {
  const files = filesOf(ctx, config);
  return withLock(files.state, async () => {
    const now = await copyState(ctx, config);
    if (now.generation !== before.generation || now.revision !== before.revision) return now;
    const after = await written(files, before, change);
    await writeFileAtomic(files.state, JSON.stringify(after));
    const current = [files.manifests(after), files.index(after), files.changes(after)];
    await sweep(
      files.folder,
      (name) =>
        /^(manifests|index|changes)-/.test(name) && !current.includes(join(files.folder, name)),
    );
    return after;
  });
}

async function written(files: Files, before: CopyState, change: CopyChange): Promise<CopyState> {
  const next = { ...before, ...change.state, revision: before.revision + 1 };
  if (change.put.length === 0 && !change.replaceAll) {
    return { ...next, revision: before.revision };
  }
  if (change.replaceAll) return rewritten(files, next, change.put);
  const lines = encode(change.put, before.bytes);
  await appendAt(files.manifests(before), before.bytes, lines.bytes);
  const bytes = before.bytes + lines.bytes.length;
  const recent = await placedIn(files.manifests(before), before.indexedBytes, bytes);
  const limit = Math.max(MERGE_AT.entries, before.entries * MERGE_AT.share);
  if (recent.length > limit) {
    const all = await placedIn(files.manifests(before), 0, bytes);
    return rewritten(
      files,
      next,
      all.map(({ manifest }) => manifest),
    );
  }
  const index = packIndex(buildIndex(recent));
  const state = { ...next, bytes, changesSize: index.length };
  await writeFileAtomic(files.changes(state), index);
  return state;
}

/** All manifests anew, in one index. */
async function rewritten(
  files: Files,
  before: CopyState,
  manifests: readonly Manifest[],
): Promise<CopyState> {
  const live = manifests.filter(({ status }) => status !== 'deleted');
  const { bytes, placed } = encode(live, 0);
  const index = packIndex(buildIndex(placed));
  const state: CopyState = {
    ...before,
    generation: before.generation + 1,
    revision: 0,
    bytes: bytes.length,
    indexedBytes: bytes.length,
    indexSize: index.length,
    changesSize: 0,
    entries: live.length,
  };
  await appendAt(files.manifests(state), 0, bytes);
  await writeFileAtomic(files.index(state), index);
  return state;
}

function encode(manifests: readonly Manifest[], offset: number) {
  const encoder = new TextEncoder();
  const placed: Placed[] = [];
  let at = offset;
  const lines = manifests.map((manifest) => {
    const line = encoder.encode(`${JSON.stringify(manifest)}\n`);
    placed.push({ manifest, offset: at, length: line.length });
    at += line.length;
    return line;
  });
  return { bytes: Buffer.concat(lines), placed };
}

/** The manifests in a part of the file, the last of each name. */
async function placedIn(path: string, from: number, to: number): Promise<Placed[]> {
  const bytes = await readRange(path, from, to - from);
  const decoder = new TextDecoder();
  const byName = new Map<string, Placed>();
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start);
    if (end < 0) break;
    const manifest = JSON.parse(decoder.decode(bytes.subarray(start, end))) as Manifest;
    byName.set(manifest.name, { manifest, offset: from + start, length: end + 1 - start });
    start = end + 1;
  }
  return [...byName.values()];
}
