/** The fake servers of both eras, as configured ones; see `rawServer` for the old one over stdio. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Server } from '../../src/config/types.ts';

const RAW = fileURLToPath(new URL('../fixtures/servers/raw.mjs', import.meta.url));
const MODERN = fileURLToPath(new URL('../fixtures/servers/modern.mjs', import.meta.url));

/** The fake server of the new era over stdio, with flags. */
export function modernServer(name: string, ...flags: string[]): Server {
  const args = [MODERN, '--name', name, ...flags];
  return { name, profile_tags: [], command: process.execPath, args, env: {} };
}

/** The fake server of the new era over HTTP, with flags; it ends with the test. */
export function startModern(name: string, ...flags: string[]): Promise<Server> {
  return start(MODERN, name, flags);
}

/** The fake server of the old era over HTTP, with flags; it ends with the test. */
export function startRaw(name: string, ...flags: string[]): Promise<Server> {
  return start(RAW, name, flags);
}

async function start(program: string, name: string, flags: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [program, '--http', '--name', name, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, profile_tags: [], url, headers: {} };
}
