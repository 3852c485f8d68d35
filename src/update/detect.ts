/** Finding out where servers come from that nobody recorded: `mcpm update --init`. */
import { dirname, isAbsolute, join } from 'node:path';
import { isRemote, isStdio, type StdioServer } from '../config/index.ts';
import type { Context } from '../context.ts';
import { findPackage, sourcesStore } from '../install/index.ts';
import { exists } from '../platform/files.ts';
import { readJson } from '../platform/json.ts';
import { repository } from './git.ts';
import { known } from './history.ts';
import { subjectsOf } from './run.ts';

/** An entry of `sources.json`. */
export type SourceEntry = Readonly<Record<string, string>> & { readonly type: string };

/** What was recorded of one server. */
export interface Detected {
  readonly name: string;
  readonly source: SourceEntry;
}

/**
 * Detect the sources of servers that have none and record them in `sources.json`; nothing else changes.
 * @param again also those that have one already
 * @throws McpmError `NOT_FOUND`, `CONFIG_*`.
 */
export async function detectSources(
  ctx: Context,
  names?: readonly string[],
  again = false,
): Promise<Detected[]> {
  const detected: Detected[] = [];
  for (const { name, server, source } of await subjectsOf(ctx, names)) {
    if (source !== undefined && !again) continue;
    if (isRemote(server)) detected.push({ name, source: { type: 'remote' } });
    else if (isStdio(server)) detected.push({ name, source: await sourceOf(ctx, server) });
    else detected.push({ name, source: { type: 'unknown', reason: 'a client runs it' } });
  }
  if (detected.length > 0) {
    const found = Object.fromEntries(detected.map(({ name, source }) => [name, source]));
    await sourcesStore(ctx).update((all) => ({ ...all, ...found }));
  }
  return detected;
}

async function sourceOf(ctx: Context, { command, args }: StdioServer): Promise<SourceEntry> {
  const spec = findPackage(command, args);
  if (spec?.ecosystem === 'npm') return { type: 'npx', package: spec.name };
  if (spec?.ecosystem === 'pypi') return { type: 'uvx', package: spec.name };
  if (spec !== undefined) return { type: 'unknown', reason: `a package of ${spec.ecosystem}` };
  for (const word of [command, ...args]) {
    const checkout = isAbsolute(word) ? await checkoutAt(ctx, word) : undefined;
    if (checkout !== undefined) return checkout;
  }
  return { type: 'unknown', reason: 'its command names no package and no checkout' };
}

/** The checkout that a file or folder is in. */
async function checkoutAt(ctx: Context, place: string): Promise<SourceEntry | undefined> {
  let path = place;
  while (!(await exists(join(path, '.git')))) {
    if (dirname(path) === path) return undefined;
    path = dirname(path);
  }
  const git = repository(ctx, path);
  const branch = await git.ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  const remote = (await git.ask('config', '--get', `branch.${branch}.remote`)) || 'origin';
  return {
    type: 'git',
    path,
    ...known({
      remote_url: await git.ask('config', '--get', `remote.${remote}.url`),
      branch,
      post_update: await afterUpdate(path),
    }),
  };
}

/** What such a checkout usually needs after an update; the person sees it, and may change it in the file. */
async function afterUpdate(path: string): Promise<string | undefined> {
  const manifest = await readJson(join(path, 'package.json')).catch(() => undefined);
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const install = (await exists(join(path, 'package-lock.json'))) ? 'npm ci' : 'npm install';
  const { scripts } = manifest as { scripts?: { build?: unknown } };
  return typeof scripts?.build === 'string' ? `${install} && npm run build` : install;
}
