/** Starts the built program as an HTTP endpoint over servers, for one test. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { root } from '../helpers/tools.ts';

/** A server as `servers.json` has it, less its name and profiles. */
export type Configured =
  | {
      readonly command: string;
      readonly args: readonly string[];
      readonly env?: Record<string, string>;
    }
  | { readonly url: string; readonly headers?: Record<string, string> };

/** Write a configuration of servers, all in the profile `all`; the environment that names it. Removed with the test. */
export function configure(servers: Readonly<Record<string, Configured>>): {
  readonly env: Readonly<Record<string, string>>;
} {
  const home = mkdtempSync(join(tmpdir(), 'mcpm-conformance-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
  const config = join(home, 'config');
  mkdirSync(config, { mode: 0o700 });
  const entries = Object.entries(servers).map(([name, server]) => [
    name,
    {
      name,
      profile_tags: ['all'],
      ...('url' in server ? { headers: {} } : { env: {} }),
      ...server,
    },
  ]);
  const text = JSON.stringify(Object.fromEntries(entries));
  writeFileSync(join(config, 'servers.json'), text, { mode: 0o600 });
  return { env: { MCPM_CONFIG_DIR: config, MCPM_DATA_DIR: join(home, 'data') } };
}

/**
 * Run `mcpm WORDS… --http` on a free port, over servers that are all in the profile `all`; returns its URL, by the name `localhost`.
 * It ends with the test.
 */
export async function serveProgram(
  words: readonly string[],
  servers: Readonly<Record<string, Configured>>,
): Promise<string> {
  const { env } = configure(servers);
  const args = [join(root, 'dist/main.cjs'), ...words, '--http', '--port', '0'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill();
    await gone;
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    const [url] = /http:\S+/.exec(line) ?? [];
    if (!url) continue;
    child.stderr.resume();
    return url.replace('127.0.0.1', 'localhost');
  }
  throw new Error(`mcpm did not serve:\n${said.join('\n')}`);
}
