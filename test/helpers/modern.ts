/** The fake server of the new era, as a configured one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Server } from '../../src/config/types.ts';

const MODERN = fileURLToPath(new URL('../fixtures/servers/modern.mjs', import.meta.url));

/** Run it over stdio, with flags. */
export function modernServer(name: string, ...flags: string[]): Server {
  const args = [MODERN, '--name', name, ...flags];
  return { name, profile_tags: [], command: process.execPath, args, env: {} };
}

/** Run it over HTTP, with flags; it ends with the test. */
export async function startModern(name: string, ...flags: string[]): Promise<Server> {
  const child = spawn(process.execPath, [MODERN, '--http', '--name', name, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, profile_tags: [], url, headers: {} };
}
