/** The end of a server: what was kept for it goes too. */
import { join, relative, sep } from 'node:path';
import { readServers, type Server, validateServerName } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { namesIn } from '../platform/bytes.ts';
import { removeTree } from '../platform/files.ts';
import type { JsonStore } from '../platform/store.ts';
import { openSecrets, secretsIn } from '../secrets/index.ts';
import { resolvedStore, sourcesStore } from './provenance.ts';

/**
 * Remove what belongs to a server that is stored no more: its folder (bundle, checkout, manifest), its records, and the secrets that no
 * other server refers to. What cannot be removed is warned about; the server is gone all the same.
 * @returns the names of the secrets that were forgotten
 */
export async function forget(ctx: Context, name: string, server: Server): Promise<string[]> {
  const forgotten: string[] = [];
  const steps = [
    async () => void forgotten.push(...(await forgetSecrets(ctx, server))),
    () => drop(resolvedStore(ctx), name),
    () => drop(sourcesStore(ctx), name),
    () => forgetFolders(ctx, name, server),
  ];
  for (const step of steps) {
    await step().catch((error: unknown) => {
      if (!(error instanceof McpmError)) throw error;
      ctx.log.warn(`Something of ${name} is left behind: ${error.message}`);
    });
  }
  return forgotten;
}

/** Its own folder, and that of the name it was installed under, unless another server lives there. */
async function forgetFolders(ctx: Context, name: string, server: Server): Promise<void> {
  const { serversDir } = ctx.paths;
  const others = textsOf(await readServers(ctx));
  const below = textsOf(server)
    .filter((text) => text.startsWith(serversDir))
    .map((text) => relative(serversDir, text).split(sep)[0] ?? '');
  for (const folder of new Set([name, ...below])) {
    // A name from a file that somebody else wrote may lead out of the folder.
    validateServerName(folder);
    const path = join(serversDir, folder);
    if (!others.some((text) => text.startsWith(`${path}${sep}`))) await removeTree(path);
  }
}

/**
 * Remove the bundles of a server that are in nobody's use.
 * @param servers what it is now, and what it was until now: that may still be running
 */
export async function forgetBundles(
  ctx: Context,
  name: string,
  servers: readonly Server[],
): Promise<void> {
  const folder = join(ctx.paths.serversDir, name);
  const texts = servers.flatMap(textsOf);
  for (const one of await namesIn(folder)) {
    const path = join(folder, one);
    const isUsed = texts.some((text) => text.includes(path));
    if (one.startsWith('bundle-') && !isUsed) await removeTree(path).catch(() => {});
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Keep what is known of a server under its new name. @throws McpmError `CONFIG_*` */
export async function renamed(ctx: Context, from: string, to: string): Promise<void> {
  const move = async <T>(store: JsonStore<Readonly<Record<string, T>>>) => {
    await store.update((all) => {
      const { [from]: moved, ...rest } = all;
      return moved === undefined ? all : { ...rest, [to]: moved };
    });
  };
  await move(resolvedStore(ctx));
  await move(sourcesStore(ctx));
}

/** Forget the secrets a server referred to that no stored server refers to. @returns their names */
export async function forgetSecrets(ctx: Context, server: Server): Promise<string[]> {
  const own = new Set(secretsIn(JSON.stringify(server)));
  if (own.size === 0) return [];
  const others = new Set(secretsIn(JSON.stringify(await readServers(ctx))));
  const store = await openSecrets(ctx);
  const forgotten: string[] = [];
  for (const name of own) {
    if (!others.has(name) && (await store.delete(name))) forgotten.push(name);
  }
  return forgotten;
}

async function drop<T>(store: JsonStore<Readonly<Record<string, T>>>, name: string): Promise<void> {
  await store.update((all) => {
    if (!Object.hasOwn(all, name)) return all;
    const { [name]: _, ...rest } = all;
    return rest;
  });
}
