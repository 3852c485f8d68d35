/** Finding programs on the PATH, as the system's own shell would. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Env } from './paths.ts';

/** Where to look: the environment's `PATH`, and on Windows its `PATHEXT`. */
interface World {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/**
 * The absolute path of a program on the PATH, or `undefined`. A name with a path in it is checked as it is.
 */
export async function findProgram(world: World, name: string): Promise<string | undefined> {
  const folders = /[/\\]/.test(name) || isAbsolute(name) ? [''] : pathFolders(world);
  for (const folder of folders) {
    for (const extension of extensions(world, name)) {
      const candidate = folder === '' ? `${name}${extension}` : join(folder, `${name}${extension}`);
      if (await isProgram(candidate, world.platform)) return candidate;
    }
  }
  return undefined;
}

function pathFolders({ env, platform }: World): string[] {
  const path = env.PATH ?? (platform === 'win32' ? env.Path : undefined) ?? '';
  return path.split(platform === 'win32' ? ';' : delimiter).filter((folder) => folder !== '');
}

function extensions({ env, platform }: World, name: string): string[] {
  if (platform !== 'win32') return [''];
  const known = (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((one) => one !== '');
  const hasOne = known.some((one) => name.toLowerCase().endsWith(one.toLowerCase()));
  return hasOne ? [''] : known;
}

async function isProgram(path: string, platform: NodeJS.Platform): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return false;
  if (platform === 'win32') return true;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
