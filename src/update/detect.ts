/** Finding out where servers come from that nobody recorded: `mcpm update --init`. */
import { dirname, isAbsolute, join } from 'node:path';
import { isRemote, isStdio, type Server } from '../config/index.ts';
import type { Context } from '../context.ts';
import { findPackage, sourcesStore } from '../install/index.ts';
import { exists } from '../platform/files.ts';
import { readJson } from '../platform/json.ts';
import { withoutCredentials } from '../registry/index.ts';
import { repository } from './git.ts';
import { known } from './history.ts';
import { subjectsOf } from './run.ts';
import type { Subject } from './types.ts';

/** An entry of `sources.json`. */
export type SourceEntry = Readonly<Record<string, string>> & { readonly type: string };

/** What was recorded of one server. */
export interface Detected {
  readonly name: string;
  readonly source: SourceEntry;
}

/**
 * Detect the sources of servers that have none, or an unknown one, and record them in `sources.json`; nothing else changes.
 * @param again also those that have one already; what a person added to it stays
 * @throws McpmError `NOT_FOUND`, `CONFIG_*`.
 */
export async function detectSources(
  ctx: Context,
  names?: readonly string[],
  again = false,
): Promise<Detected[]> {
  const detected: Detected[] = [];
  for (const { name, server, source } of await subjectsOf(ctx, names)) {
    const isUnknown = source?.['type'] === 'unknown';
    if (source !== undefined && !isUnknown && !again) continue;
    const found = await sourceOf(ctx, server);
    if (isUnknown && !again && found.type === 'unknown') continue;
    detected.push({ name, source: merged(source, found) });
  }
  if (detected.length > 0) {
    const found = Object.fromEntries(detected.map(({ name, source }) => [name, source]));
    await sourcesStore(ctx).update((all) => ({ ...all, ...found }));
  }
  return detected;
}

/** What was found, with what the old entry of the same kind has besides, and its own command after updates. */
function merged(old: Subject['source'], found: SourceEntry): SourceEntry {
  if (old?.['type'] !== found.type) return found;
  const { post_update = found['post_update'] } = old;
  return { ...old, ...found, ...known({ post_update }) } as SourceEntry;
}

async function sourceOf(ctx: Context, server: Server): Promise<SourceEntry> {
  if (isRemote(server)) return { type: 'remote' };
  if (!isStdio(server)) return { type: 'unknown', reason: 'a client runs it' };
  const { command, args } = server;
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
  // A home folder under version control is no checkout of a server.
  while (path === ctx.home || !(await exists(join(path, '.git')))) {
    if (path === ctx.home || dirname(path) === path) return undefined;
    path = dirname(path);
  }
  const git = repository(ctx, path);
  const branch = await git.ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  const remote = (await git.ask('config', '--get', `branch.${branch}.remote`)) || 'origin';
  return {
    type: 'git',
    path,
    ...known({
      remote_url:
        withoutCredentials((await git.ask('config', '--get', `remote.${remote}.url`)) ?? '') ||
        undefined,
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
