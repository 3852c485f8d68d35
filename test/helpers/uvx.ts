/** `uvx` for tests that start servers from PyPI: the one on the PATH, else PyPI's `uv` in a folder of its own. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './tools.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache');
const home = join(cache, 'uv-venv');
const bin = join(home, process.platform === 'win32' ? 'Scripts' : 'bin');

const python = process.platform === 'win32' ? 'python' : 'python3';

/**
 * Whether servers from PyPI can be started here: there is `uvx`, or a Python to install it with. A machine that has but Node.js skips
 * the tests that need one, visibly; where there is a Python, failing to install `uv` fails them.
 */
export const HAS_PYPI = onPath('uvx') || onPath(python);

/**
 * An environment in which `uvx` and `npx` are found and keep what they download in the project's cache folder.
 * Installs `uv` with pip at first; that takes some seconds.
 */
export async function packageRunners(): Promise<NodeJS.ProcessEnv> {
  if (HAS_PYPI && !onPath('uvx') && !existsSync(join(bin, 'uvx'))) await installUv();
  return {
    ...process.env,
    PATH: `${process.env.PATH}${delimiter}${bin}`,
    UV_CACHE_DIR: join(cache, 'uv'),
    npm_config_cache: join(cache, 'npm'),
    npm_config_loglevel: 'error',
  };
}

async function installUv(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const run = promisify(execFile);
  await run(python, ['-m', 'venv', home]);
  await run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', 'uv']);
}
