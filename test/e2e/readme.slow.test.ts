/** The README's path, typed as it stands there: real servers from the registries, a throw-away home, and what it says is printed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, it, onTestFinished } from 'vitest';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { commandsOf, masked, printedAs } from '../helpers/readme.ts';
import { HAS_PYPI, packageRunners } from '../helpers/uvx.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const README = new URL('../../README.md', import.meta.url);
/** Only named, or of another test. */
const NOT_RUN = /^(mcpm run |mcpm share )/;
const MINE = `{
  // my own server stays as it is
  "mcpServers": {
    "mine": { "command": "node", "args": ["mine.js"] },
  },
}
`;

it('the commands of the README print what it shows', { timeout: 300_000 }, async () => {
  const home = makeHome();
  const env = await world(home);
  const dir = realpathSync(home.dir);
  for (const { command, output } of commandsOf(README)) {
    if (NOT_RUN.test(command) || (command === 'mcpm install time' && !HAS_PYPI)) continue;
    const printed = await (command.endsWith(' --http') ? served : typed)(command, env, dir);
    const shown = printed.replaceAll(dir, '/home/me');
    if (!printedAs(output, shown)) expect(masked(shown), command).toBe(masked(output));
  }
});

/** What a command prints to stdout. */
function typed(command: string, env: NodeJS.ProcessEnv, dir: string): string {
  const words = ['-c', command.replaceAll('/home/me', dir)];
  return spawnSync('/bin/sh', words, { env, cwd: dir, encoding: 'utf8' }).stdout;
}

/** A home with a client in it and some notes, `mcpm` on the PATH, and the catalogue as its only registry. */
async function world(home: TestHome): Promise<NodeJS.ProcessEnv> {
  home.write('.config/mcpm/config.json', '{"registries": ["catalogue"]}');
  home.write('.cursor/mcp.json', MINE);
  home.write('notes/plan.txt', 'First things first.\n');
  const bin = home.write('bin/mcpm', `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(bin, 0o755);
  const { CI: _, ...env } = await packageRunners();
  const path = [join(home.dir, 'bin'), env.PATH].join(delimiter);
  return { ...env, HOME: home.dir, PATH: path, MCPM_NON_INTERACTIVE: 'true', NO_COLOR: '1' };
}

/** Serve, read a note through the endpoint, end; what was said of the endpoint. */
async function served(command: string, env: NodeJS.ProcessEnv, dir: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', `exec ${command} --port 0`], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await lineOf(child, /^Serving .*$/m);
  const client = new Client({ name: 'readme', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(/http\S+/.exec(line)?.[0] ?? '')));
  const note = { path: join(dir, 'notes/plan.txt') };
  await client.callTool({ name: 'filesystem_read_text_file', arguments: note });
  await client.close();
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  return line.replace(/:\d+\//, ':6276/');
}

function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[0];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(text)));
  });
}
