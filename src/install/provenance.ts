/**
 * Where servers came from, in two files beside `servers.json`: `resolved.json`, ours alone, and `sources.json`, shared with MCPM v2. Neither is
 * touched by a program that only reads and writes `servers.json`.
 */
import type { Context } from '../context.ts';
import { asRecord, type JsonStore, jsonStore } from '../platform/store.ts';
import type { Checkout, Resolved } from './types.ts';

/** Server name → what was resolved for it, the versions before it included. */
export type ResolvedFile = Readonly<Record<string, Resolved>>;

/** `sources.json`: server name → where it came from. Fields this program does not know are kept. */
export type SourcesFile = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The store of `resolved.json`. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE` … */
export function resolvedStore(ctx: Context): JsonStore<ResolvedFile> {
  return recordStore<Resolved>(ctx.paths.resolved);
}

/** The store of `sources.json`. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE` … */
export function sourcesStore(ctx: Context): JsonStore<SourcesFile> {
  return recordStore<Readonly<Record<string, unknown>>>(ctx.paths.sources);
}

function recordStore<T>(path: string): JsonStore<Readonly<Record<string, T>>> {
  return jsonStore(path, {
    empty: () => ({}),
    decode: (json) => {
      const all = asRecord(json, [], 'an object of servers');
      for (const [name, value] of Object.entries(all)) asRecord(value, [name]);
      return all as Record<string, T>;
    },
    encode: (value) => value,
  });
}

/** The entry of `sources.json` that MCPM v2's `update` understands. */
export function sourceEntry(resolved: Resolved, checkout: Checkout | undefined) {
  if (checkout) {
    return {
      type: 'git',
      path: checkout.path,
      remote_url: checkout.url,
      ...(checkout.branch === undefined ? {} : { branch: checkout.branch }),
      ...(checkout.steps.length === 0
        ? {}
        : { post_update: checkout.steps.map((step) => step.join(' ')).join(' && ') }),
    };
  }
  if (resolved.ecosystem === 'npm') return { type: 'npx', package: resolved.package };
  if (resolved.ecosystem === 'pypi') return { type: 'uvx', package: resolved.package };
  if (resolved.type === 'http' || resolved.type === 'sse') return { type: 'remote' };
  return { type: 'unknown', reason: `installed as ${resolved.type}` };
}
