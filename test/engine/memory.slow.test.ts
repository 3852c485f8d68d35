/** The program's memory does not grow with what passes through it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { LineClient, rawServer, until } from '../helpers/engine.ts';
import { HttpClient } from '../helpers/served.ts';
import { root } from '../helpers/tools.ts';

/** How much more may be in use after the load than before it. */
const GROWTH = 1.1;
const CALLS = 10_000;
const SESSIONS = 1_000;
const AT_ONCE = 25;

interface Program {
  readonly child: ChildProcess;
  /** Bytes in use once garbage is collected. */
  heap(): Promise<number>;
}

/** Start the built program over two servers that are in the profile `all`. */
function start(...words: string[]): Program {
  const home = mkdtempSync(join(tmpdir(), 'mcpm-memory-'));
  const config = join(home, 'config');
  const log = join(home, 'heap.log');
  mkdirSync(config, { mode: 0o700 });
  writeFileSync(log, '');
  const servers = ['one', 'two'].map((name) => [
    name,
    { ...rawServer(name), profile_tags: ['all'] },
  ]);
  const text = JSON.stringify(Object.fromEntries(servers));
  writeFileSync(join(config, 'servers.json'), text, { mode: 0o600 });
  const hook = join(root, 'test/fixtures/engine/heap.mjs');
  const main = [join(root, 'dist/main.js'), ...words];
  const data = join(home, 'data');
  const child = spawn(process.execPath, ['--expose-gc', '--import', hook, ...main], {
    stdio: 'pipe',
    env: { ...process.env, MCPM_CONFIG_DIR: config, MCPM_DATA_DIR: data, HEAP_LOG: log },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill();
    await gone;
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });
  const readings = () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map(Number);
  return {
    child,
    async heap() {
      const count = readings().length;
      child.kill('SIGUSR2');
      await until(() => readings().length > count);
      return readings().at(-1) ?? Number.NaN;
    },
  };
}

function urlOf({ child }: Program): Promise<string> {
  return new Promise((resolve) => {
    createInterface(child.stderr as NodeJS.ReadableStream).on('line', (line) => {
      const [found] = /http:\S+/.exec(line) ?? [];
      if (found) resolve(found);
    });
  });
}

/** Do something so many times, some at once. */
async function repeat(times: number, work: (lane: number) => Promise<unknown>): Promise<void> {
  const lane = async (index: number) => {
    for (let done = 0; done < times / AT_ONCE; done++) await work(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => lane(index)));
}

test.skipIf(process.platform === 'win32')(
  `one server over stdio uses no more after ${CALLS} calls`,
  async () => {
    const { child, heap } = start('run', 'one');
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout) throw new Error('no streams');
    stderr?.resume();
    const client = new LineClient((line) => stdin.write(line), stdout);
    await client.initialize();
    const call = async () => {
      await client.call('echo', { text: 'x'.repeat(100) });
      client.received.length = 0;
      client.lines.length = 0;
    };
    for (let done = 0; done < 2_000; done++) await call();
    const before = await heap();
    for (let done = 0; done < CALLS; done++) await call();
    expect((await heap()) / before).toBeLessThan(GROWTH);
  },
);

test.skipIf(process.platform === 'win32')(
  `a profile over HTTP uses no more after ${CALLS} calls and ${SESSIONS} sessions`,
  async () => {
    const program = start('profile', 'run', 'all', '--http', '--port', '0');
    const url = await urlOf(program);
    const clients = Array.from({ length: AT_ONCE }, () => new HttpClient(url));
    await Promise.all(clients.map((client) => client.initialize()));
    const call = async (lane: number) => clients[lane]?.call('one_echo', { text: 'x'.repeat(100) });
    const session = async () => {
      const client = new HttpClient(url);
      await client.initialize();
      await client.call('one_echo', { text: 'y' });
      await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': client.session ?? '' } });
    };
    await repeat(2_000, call);
    await repeat(200, session);
    const before = await program.heap();
    await repeat(CALLS, call);
    const afterCalls = await program.heap();
    await repeat(SESSIONS, session);
    const afterSessions = await program.heap();
    expect(afterCalls / before, 'after the calls').toBeLessThan(GROWTH);
    expect(afterSessions / before, 'after the sessions').toBeLessThan(GROWTH);
  },
);
