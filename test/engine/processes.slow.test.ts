/** The built program as a client starts it: nothing but messages on stdout, and nothing left of it however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, LineClient, rawServer, until } from '../helpers/engine.ts';
import { makeHome } from '../helpers/home.ts';
import { HAS_PYPI, packageRunners } from '../helpers/uvx.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly client: LineClient;
  stderr(): string;
  /** Resolves with the exit status. */
  exit(): Promise<number | null>;
}

/** Start the program over a configuration of fake servers, all in profile `all`. */
function start(
  words: readonly string[],
  servers: readonly ReturnType<typeof rawServer>[],
  world: NodeJS.ProcessEnv = process.env,
): Run {
  const home = makeHome();
  const entries = servers.map((server) => [server.name, { ...server, profile_tags: ['all'] }]);
  home.write('.config/mcpm/servers.json', JSON.stringify(Object.fromEntries(entries)));
  home.write('.config/mcpm/config.json', '{"engine.stopGraceMs": 300}');
  const env = { ...world, HOME: home.dir, CI: 'true' };
  const child = spawn(process.execPath, [MAIN, ...words], { env, cwd: home.dir });
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const client = new LineClient((line) => child.stdin.write(line), child.stdout);
  const exited = once(child, 'exit');
  return { child, client, stderr: () => errors, exit: async () => (await exited)[0] };
}

const STUBBORN = ['--ignore-eof', '--ignore-term', '--grandchild'];
const WAYS: Readonly<Record<string, (child: ChildProcess) => void>> = {
  'the end of its input': (child) => child.stdin?.end(),
  SIGTERM: (child) => void child.kill('SIGTERM'),
  SIGINT: (child) => void child.kill('SIGINT'),
  SIGKILL: (child) => void child.kill('SIGKILL'),
};

for (const [way, end] of Object.entries(WAYS)) {
  test(`${way} leaves no process behind, not even a stubborn server's grandchild`, async () => {
    const run = start(['run', 'one'], [rawServer('one', ...STUBBORN)]);
    await run.client.initialize();
    const pid = Number(await run.client.call('pid'));
    const grandchild = Number(/grandchild (\d+)/.exec(run.stderr())?.[1]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([isAlive(pid), isAlive(grandchild)]).toEqual([true, true]);
    end(run.child);
    await run.exit();
    await until(() => !isAlive(pid) && !isAlive(grandchild), 15_000);
  });

  test(`${way} ends every server of a profile`, async () => {
    const run = start(['profile', 'run', 'all'], [rawServer('one'), rawServer('two', ...STUBBORN)]);
    await run.client.initialize();
    const pids = [await run.client.call('one_pid'), await run.client.call('two_pid')].map(Number);
    await new Promise((resolve) => setTimeout(resolve, 200));
    end(run.child);
    await run.exit();
    await until(() => !pids.some(isAlive), 15_000);
  });
}

test('SIGTERM ends a server that is served over HTTP', async () => {
  const run = start(['run', 'one', '--http', '--port', '0'], [rawServer('one', ...STUBBORN)]);
  await until(() => /grandchild \d+/.test(run.stderr()) && run.stderr().includes('Serving'));
  const grandchild = Number(/grandchild (\d+)/.exec(run.stderr())?.[1]);
  run.child.kill('SIGTERM');
  expect(await run.exit()).toBe(0);
  await until(() => !isAlive(grandchild));
});

test('serving beyond this machine is said to be open to whoever reaches it', async () => {
  const open = ['run', 'one', '--http', '--port', '0'];
  const [near, far] = [open, [...open, '--host', '0.0.0.0']].map((words) =>
    start(words, [rawServer('one')]),
  ) as [Run, Run];
  await until(() => [near, far].every(({ stderr }) => stderr().includes('Serving')), 15_000);
  await until(() => far.stderr().includes('whoever reaches 0.0.0.0 can use one, without a token'));
  expect(near.stderr()).not.toContain('whoever');
});

test('every byte on stdout is a message, whatever the server prints', async () => {
  for (const words of [
    ['run', 'one'],
    ['profile', 'run', 'all'],
  ]) {
    const run = start(words, [rawServer('one', '--banner'), rawServer('two', '--banner')]);
    await run.client.initialize();
    await run.client.request('tools/list');
    run.child.stdin?.end();
    expect(await run.exit()).toBe(0);
    expect(run.client.unfinished).toBe('');
    for (const line of run.client.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  }
});

test('a working folder that was removed does not keep a server from starting', async () => {
  const home = makeHome();
  home.write('.config/mcpm/servers.json', JSON.stringify({ one: rawServer('one') }));
  const gone = join(home.dir, 'gone');
  mkdirSync(gone);
  const command = `cd ${gone} && rmdir ${gone} && exec ${process.execPath} ${MAIN} run one`;
  const child = spawn('/bin/sh', ['-c', command], { env: { ...process.env, HOME: home.dir } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = new LineClient((line) => child.stdin.write(line), child.stdout);
  await client.initialize();
  expect(await client.call('cwd')).toBe(home.dir);
});

test('a server that exits at once ends the program with the status of a failed start', async () => {
  const run = start(['run', 'one'], [rawServer('one', '--exit')]);
  expect(await run.exit()).toBe(50);
  expect(run.stderr()).toContain('cannot go on: no disk');
});

const PACKAGE_RUNNERS = {
  npx: ['npx', '-y', '@modelcontextprotocol/server-everything@2026.8.31'],
  uvx: ['uvx', 'mcp-server-time==2026.10.19', '--local-timezone', 'UTC'],
};

for (const [runner, [command = '', ...args]] of Object.entries(PACKAGE_RUNNERS)) {
  for (const [way, end] of Object.entries(WAYS)) {
    test.skipIf(runner === 'uvx' && !HAS_PYPI)(
      `${way} ends ${runner} and its grandchildren`,
      async () => {
        const server = { ...rawServer(runner), command, args };
        const run = start(['run', runner], [server], await packageRunners());
        const opening = await run.client.initialize();
        expect(opening.result.serverInfo.name).toBeTruthy();
        const pids = await childrenOf(run.child.pid ?? 0);
        expect(pids.length).toBeGreaterThan(1);
        end(run.child);
        await run.exit();
        await until(() => !pids.some(isAlive), 15_000);
      },
    );
  }
}

/** Every descendant of a process, from /proc. */
async function childrenOf(pid: number): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  const direct = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const pids = direct.trim().split(' ').filter(Boolean).map(Number);
  return [...pids, ...(await Promise.all(pids.map(childrenOf))).flat()];
}
