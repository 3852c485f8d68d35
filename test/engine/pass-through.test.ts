import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Operation } from '../../src/usage/index.ts';
import { isAlive, rawServer, serveOnStdio, until } from '../helpers/engine.ts';

test('the client talks to the one server verbatim, unknown fields and vendor methods included', async () => {
  const { client } = serveOnStdio([rawServer('one')]);
  const { result } = await client.initialize();
  expect(result.vendor).toEqual({ kept: true });
  expect(result.serverInfo).toEqual({ name: 'one', version: '1.0.0', vendorField: true });
  const tools = await client.request('tools/list');
  expect(tools.result.tools[0]).toMatchObject({ name: 'echo', 'x-vendor': 1 });
  expect((await client.request('vendor/hello', { a: 1 })).result).toEqual({ hello: { a: 1 } });
  expect(await client.call('echo', { text: 'grüße 🎉' })).toBe('grüße 🎉');
});

test("the client's initialize reaches the server exactly once, as it was written", async () => {
  const log = join(mkdtempSync(join(tmpdir(), 'mcpm-test-')), 'heard');
  const { client } = serveOnStdio([rawServer('one', '--log', log)]);
  await client.initialize({ capabilities: { roots: {}, vendor: { x: 1 } } });
  await client.call('echo', { text: 'x' });
  const heard = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(heard.map(({ method }) => method)).toEqual([
    'initialize',
    'notifications/initialized',
    'tools/call',
  ]);
  expect(heard[0].params).toMatchObject({ capabilities: { roots: {}, vendor: { x: 1 } } });
});

test('messages pass as the bytes they came in', async () => {
  const { client } = serveOnStdio([rawServer('one')]);
  await client.initialize();
  await client.request('ping', {}, 'strange "id" é');
  expect(client.lines.at(-1)).toBe('{"jsonrpc":"2.0","id":"strange \\"id\\" é","result":{}}');
});

test('what is no message on stdout of the server does not reach the client', async () => {
  const { client, home } = serveOnStdio([rawServer('one', '--banner')]);
  await client.initialize();
  expect(client.received).toHaveLength(1);
  expect(home.stderr()).toContain('Welcome to raw!');
});

test('requests of the server, progress and cancellation cross in both directions', async () => {
  const { client, home } = serveOnStdio([rawServer('one')]);
  client.answers['roots/list'] = () => ({ roots: [{ uri: 'file:///r' }] });
  await client.initialize();
  expect(await client.call('ask', { method: 'roots/list' })).toBe(
    '{"roots":[{"uri":"file:///r"}]}',
  );
  await client.request('tools/call', {
    name: 'progress',
    arguments: { steps: 3 },
    _meta: { progressToken: 'p' },
  });
  const progress = client.received.filter(({ method }) => method === 'notifications/progress');
  expect(progress.map(({ params }) => params.progress)).toEqual([1, 2, 3]);
  client.send({ id: 'h', method: 'tools/call', params: { name: 'hang' } });
  client.send({ method: 'notifications/cancelled', params: { requestId: 'h' } });
  await until(() => home.stderr().includes('cancelled "h"'));
});

test('a server that dies in a call fails that call by name and is started again', async () => {
  const { client } = serveOnStdio([rawServer('one')], { settings: { restartDelayMs: 10 } });
  await client.initialize();
  const before = await client.call('pid');
  const { error } = await client.request('tools/call', { name: 'die', arguments: {} });
  expect(error?.message).toBe('server "one" exited with code 1');
  expect(error?.data).toMatchObject({ server: 'one', stderr: 'about to die' });
  expect(await client.call('pid')).not.toBe(before);
  const openings = client.received.filter(({ result }) => result?.serverInfo);
  expect(openings).toHaveLength(1);
});

test('a server that exits at once is reported with its code and its last lines', async () => {
  const { client, done } = serveOnStdio([rawServer('one', '--exit')]);
  const answer = client.request('initialize', {});
  await expect(done).rejects.toMatchObject({
    code: 'SERVER_START',
    message: expect.stringContaining(
      'exited with code 3 before it was ready; its last lines were:\ncannot go on: no disk',
    ),
  });
  expect((await answer).error?.message).toContain('exited with code 3');
});

test('a program that is not installed is named, with how to get it', async () => {
  const server = { name: 'x', profile_tags: [], command: 'no-such-program', args: [], env: {} };
  const { done } = serveOnStdio([server]);
  await expect(done).rejects.toMatchObject({
    code: 'RUNTIME_MISSING',
    message: expect.stringContaining('"no-such-program"'),
  });
});

test('when the client closes its end, requests in flight are answered first and then nothing is left', async () => {
  const { client, done, end } = serveOnStdio([rawServer('one')]);
  await client.initialize();
  const pid = Number(await client.call('pid'));
  const slow = client.call('slow', { ms: 150 });
  end();
  expect(await slow).toBe('done');
  await done;
  expect(isAlive(pid)).toBe(false);
});

test('a server that ignores the end of its input and SIGTERM, and its grandchild, are killed', async () => {
  const rig = serveOnStdio([rawServer('one', '--ignore-eof', '--ignore-term', '--grandchild')], {
    settings: { stopGraceMs: 100 },
  });
  await rig.client.initialize();
  const pid = Number(await rig.client.call('pid'));
  const grandchild = Number(/grandchild (\d+)/.exec(rig.home.stderr())?.[1]);
  expect(isAlive(grandchild)).toBe(true);
  rig.end();
  await rig.done;
  await until(() => !isAlive(pid) && !isAlive(grandchild));
});

test('a 100 MB result passes; one beyond the limit, garbage and deep nesting fail alone', async () => {
  const { client } = serveOnStdio([rawServer('one')], { settings: { maxFrameBytes: 110_000_000 } });
  await client.initialize();
  expect(await client.call('big', { bytes: 100_000_000 })).toHaveLength(100_000_000);
  const failing = async (name: string, args = {}) =>
    (await client.request('tools/call', { name, arguments: args })).error?.message;
  expect(await failing('huge', { bytes: 120_000_000 })).toContain(
    'more than the limit of 110000000',
  );
  expect(await failing('garbage')).toBe('the answer of server "one" is not valid JSON');
  expect(await failing('deep')).toBe('the answer of server "one" is nested too deeply');
  expect(await client.call('echo', { text: 'still here' })).toBe('still here');
}, 30_000);

test('a client message that is no JSON is answered with a parse error and the session goes on', async () => {
  const { client } = serveOnStdio([rawServer('one')]);
  await client.initialize();
  client.sendRaw('{oops');
  const answer = await client.next(({ error }) => error !== undefined);
  expect(answer).toMatchObject({ id: null, error: { code: -32700 } });
  expect(await client.call('echo', { text: 'on' })).toBe('on');
});

test('a server that floods stderr does not hold its answers', async () => {
  const { client } = serveOnStdio([rawServer('one')]);
  await client.initialize();
  expect(await client.call('flood', { bytes: 5_000_000 })).toBe('flooded');
});

test('operations are recorded by item, size and outcome, without contents', async () => {
  const operations: Operation[] = [];
  const recorder = {
    operation: (op: Operation) => void operations.push(op),
    session: () => {},
    sessionEnd: () => {},
  };
  const { client } = serveOnStdio([rawServer('one')], { recorder });
  await client.initialize();
  await client.call('echo', { text: 'secret words' });
  await client.request('tools/call', { name: 'nope' });
  await client.request('resources/read', { uri: 'memo://one?key=1' });
  const decoy = { name: 'inner', text: `"name":"decoy",${'x'.repeat(300_000)}` };
  await client.request('tools/call', { arguments: decoy, name: 'echo' });
  expect(operations).toMatchObject([
    { server: 'one', kind: 'tool', item: 'echo', ok: true, requestBytes: expect.any(Number) },
    { kind: 'tool', item: 'nope', ok: false, error: '-32602' },
    { kind: 'resource', item: 'memo://one', ok: true },
    { kind: 'tool', item: 'echo', ok: true },
  ]);
  expect(JSON.stringify(operations)).not.toContain('secret');
});
