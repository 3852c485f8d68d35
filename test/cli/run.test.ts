import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { rawServer } from '../helpers/engine.ts';
import { makeHome } from '../helpers/home.ts';

function homeWith(...servers: { readonly name: string }[]) {
  const home = makeHome();
  const entries = servers.map((server) => [server.name, { profile_tags: ['all'], ...server }]);
  home.write('.config/mcpm/servers.json', JSON.stringify(Object.fromEntries(entries)));
  return home;
}

test('what cannot be run is refused with its own status, and a way on', async () => {
  const home = homeWith(rawServer('time'));
  const both = await runCli(home, 'run time --http --sse');
  expect([both.exitCode, both.stderr]).toEqual([
    2,
    expect.stringContaining('cannot be used together'),
  ]);
  const unknown = await runCli(home, 'run tiem');
  expect([unknown.exitCode, unknown.stderr]).toEqual([10, expect.stringContaining('time')]);
  const profile = await runCli(home, 'profile run nope');
  expect(profile.exitCode).toBe(10);
  const port = await runCli(home, 'run time --port 80');
  expect([port.exitCode, port.stderr]).toEqual([2, expect.stringContaining('--http or --sse')]);
  expect((await runCli(home, 'run')).exitCode).toBe(2);
  for (const result of [both, unknown, profile, port]) expect(result.stdout).toBe('');
});

test('errors as JSON keep off stdout where it carries the protocol', async () => {
  const home = homeWith(rawServer('time'));
  const onStdio = await runCli(home, 'run tiem --json');
  expect([onStdio.exitCode, onStdio.stdout]).toEqual([10, '']);
  expect(JSON.parse(onStdio.stderr)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  const overHttp = await runCli(home, 'profile run nope --http --json');
  expect(overHttp.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  for (const name of ['a/b', '', 'a b', '..', 'a\u0001', 'x'.repeat(200)]) {
    const refused = await runCli(home, ['run', name, '--http', '--json']);
    expect([refused.exitCode, refused.json()]).toMatchObject([
      12,
      { error: { code: 'INVALID_INPUT' } },
    ]);
  }
});

test('a client-owned server is never run', async () => {
  const home = homeWith({ name: 'builtin', config: {} } as { name: string });
  const result = await runCli(home, 'run builtin');
  expect([result.exitCode, result.stderr]).toEqual([
    12,
    expect.stringContaining('belongs to a client'),
  ]);
});

test('a port that is taken is an error of its own when it was asked for', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const result = await runCli(homeWith(rawServer('time')), `run time --http --port ${port}`);
  expect([result.exitCode, result.stderr]).toEqual([
    53,
    expect.stringContaining(`port ${port} is taken`),
  ]);
});

test.each([true, false])('a run is recorded only as the setting says: %s', async (recorded) => {
  const stdin = new PassThrough();
  stdin.end();
  const home = makeHome({ stdin });
  home.write('.config/mcpm/servers.json', JSON.stringify({ time: rawServer('time') }));
  home.write('.config/mcpm/config.json', JSON.stringify({ usage: recorded }));
  expect((await runCli(home, 'run time')).exitCode).toBe(0);
  expect(existsSync(join(home.dir, '.mcpm/usage'))).toBe(recorded);
});
