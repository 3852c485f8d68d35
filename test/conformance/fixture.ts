/** Starts the conformance fixture server over HTTP for one test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { root } from '../helpers/tools.ts';

/** The fixture's program, to be started with `node`; over stdio without arguments. */
export const FIXTURE = join(root, 'test/fixtures/mcp/conformance-server.mjs');

/** Start the fixture on a free port; returns its URL. It ends with the test. */
export async function startFixture(): Promise<string> {
  const child = spawn(process.execPath, [FIXTURE, '--http', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return url.replace('127.0.0.1', 'localhost');
}
