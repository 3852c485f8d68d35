import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../src/context.ts';
import { createGateway } from '../../src/engine/index.ts';
import { commandLine } from '../../src/engine/upstream/command-line.ts';
import { findCommand, searchPath } from '../../src/engine/upstream/search-path.ts';
import { LineClient, rawServer } from '../helpers/engine.ts';
import { makeHome } from '../helpers/home.ts';

function folder(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

const windows = {
  env: {},
  platform: 'win32',
  self: { command: 'C:\\node.exe', args: [] },
} as const;

test('on POSIX a command is started as it is', () => {
  const world = { env: {}, platform: 'linux', self: { command: 'node', args: [] } } as const;
  expect(commandLine('npx', ['-y', 'x y'], '/bin', world)).toEqual({
    command: 'npx',
    args: ['-y', 'x y'],
  });
});

test('on Windows the shim of an npm program becomes node and its script, without a shell', () => {
  const shim = '@ECHO off\r\n"%_prog%"  "%dp0%\\node_modules\\thing\\cli.js" %*\r\n';
  const npx = '@ECHO OFF\r\nSET "NPX_CLI_JS=%~dp0\\node_modules\\npm\\bin\\npx-cli.js"\r\n';
  const dir = folder({ 'thing.cmd': shim, 'npx.cmd': npx });
  for (const [command, script] of [
    ['thing', 'thing\\cli.js'],
    ['npx', 'npm\\bin\\npx-cli.js'],
  ] as const) {
    const line = commandLine(command, ['a & b'], dir, windows);
    expect(line.command).toBe('C:\\node.exe');
    expect(line.args[0]?.replaceAll('/', '\\')).toContain(`node_modules\\${script}`);
    expect(line.args.slice(1)).toEqual(['a & b']);
  }
});

test('on Windows another batch file is given to cmd.exe with nothing in it that it would interpret', () => {
  const dir = folder({ 'tool.bat': '@echo off\r\n' });
  const line = commandLine('tool', ['a&calc', '%PATH%', 'say "hi"'], dir, windows);
  expect(line).toMatchObject({ command: 'cmd.exe', verbatim: true });
  expect(line.args.slice(0, 3)).toEqual(['/d', '/s', '/c']);
  expect(line.args[3]).toContain('a^^^&calc');
  expect(line.args[3]).not.toMatch(/[^^]&calc/);
  expect(line.args[3]).toContain('^^^%PATH^^^%');
});

test('a program is found beside the Node that runs us and in the usual places', () => {
  const home = folder({ '.local/bin/uvx': '#!/bin/sh\n' });
  const node = folder({ 'bin/beside': '#!/bin/sh\n', 'bin/node': '' });
  const world = {
    env: { PATH: '/usr/bin' },
    home,
    platform: 'linux',
    self: { command: join(node, 'bin/node'), args: [] },
  } as const;
  const path = searchPath(world);
  expect(path.startsWith(`/usr/bin:${join(node, 'bin')}:`)).toBe(true);
  expect(findCommand('uvx', path, world)).toBe(join(home, '.local/bin/uvx'));
  expect(findCommand('beside', path, world)).toBe(join(node, 'bin/beside'));
  expect(findCommand('nothing', path, world)).toBeUndefined();
});

/** A client's first answer from the fake server, started in some other world. */
async function envOf(overrides: { env?: Record<string, string>; cwd?: string }, tool: object) {
  const home = makeHome();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const ctx = createContext({ ...home.ctx, stdin, stdout, ...overrides });
  const server = { ...rawServer('one'), command: 'node', env: { FROM: '${VALUE:-nothing}' } };
  const gateway = createGateway({ ctx, servers: [server], name: 'x' });
  onTestFinished(() => gateway.close());
  gateway.serveStdio().catch(() => {});
  const client = new LineClient((line) => stdin.write(line), stdout);
  await client.initialize();
  const { result } = await client.request('tools/call', tool);
  return { text: result.content[0].text as string, home };
}

test('a server starts under a bare PATH, and gets one that has what it needs', async () => {
  const { text } = await envOf(
    { env: { PATH: '/nowhere' } },
    { name: 'env', arguments: { key: 'PATH' } },
  );
  expect(text.split(':')).toEqual(expect.arrayContaining(['/nowhere', dirname(process.execPath)]));
});

test('a working folder that has vanished is replaced by the home', async () => {
  const { text, home } = await envOf({ cwd: '/vanished/long/ago' }, { name: 'cwd', arguments: {} });
  expect(text).toBe(home.dir);
});

test('references in the environment are resolved when the server starts', async () => {
  const call = { name: 'env', arguments: { key: 'FROM' } };
  expect((await envOf({ env: { PATH: process.env.PATH ?? '', VALUE: 'v' } }, call)).text).toBe('v');
  expect((await envOf({ env: { PATH: process.env.PATH ?? '' } }, call)).text).toBe('nothing');
});
