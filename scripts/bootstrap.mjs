// Install the project's dependencies when they are not there or not those of the lockfile. Needs only Node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** `npm ci`, once per lockfile: the hash of what was installed is kept in node_modules. */
export function bootstrap() {
  const stamp = join(root, 'node_modules/.mcpm-lock-hash');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  run('npm', ['ci']);
  writeFileSync(stamp, hash);
}

/** Run a program in the project, its output shown on stderr; end this one when it fails. */
export function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`failed: ${[command, ...args].join(' ')}`);
    process.exit(1);
  }
}
