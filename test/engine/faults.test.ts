/** What goes wrong with one server or one request stays with it. */
import { expect, test } from 'vitest';
import { connect } from '../helpers/any-client.ts';
import { isAlive, rawServer, serveOnStdio, until } from '../helpers/engine.ts';
import { HttpClient, messagesOf, serveOnHttp } from '../helpers/served.ts';

test('through joined servers over HTTP: a large result passes, what cannot pass fails alone and by name', async () => {
  const { url } = await serveOnHttp([rawServer('bad'), rawServer('good')], {
    settings: { maxFrameBytes: 10_000_000 },
  });
  const client = new HttpClient(url);
  await client.initialize();
  const inFlight = client.call('good_slow', { ms: 800 });
  expect(await client.call('bad_big', { bytes: 8_000_000 })).toHaveLength(8_000_000);
  const failing = async (name: string, args = {}) =>
    (await client.request('tools/call', { name, arguments: args })).error?.message;
  expect(await failing('bad_huge', { bytes: 12_000_000 })).toContain('answer of server "bad" has');
  expect(await failing('bad_garbage')).toBe('the answer of server "bad" is not valid JSON');
  expect(await failing('bad_deep')).toBe('the answer of server "bad" is nested too deeply');
  expect(await client.call('bad_flood', { bytes: 2_000_000 })).toBe('flooded');
  expect(await failing('bad_die', { code: 9 })).toBe('server "bad" exited with code 9');
  expect(await inFlight).toBe('done');
  expect(await client.call('good_echo', { text: 'fine' })).toBe('fine');
  expect(await client.call('bad_echo', { text: 'again' })).toBe('again');
});

test('a server that keeps dying is started again ever later, and given up; asked again, it is tried again', async () => {
  const { client, home } = serveOnStdio([rawServer('bad', '--exit'), rawServer('good')], {
    settings: { restartDelayMs: 20, maxRestarts: 3 },
  });
  await client.initialize();
  await until(() => home.stderr().includes('given up'));
  const delays = [...home.stderr().matchAll(/starting it again in (\d+) ms/g)].map(([, ms]) =>
    Number(ms),
  );
  expect(delays).toEqual([20, 40, 80]);
  const { error } = await client.request('tools/call', { name: 'bad_echo', arguments: {} });
  expect(error?.message).toContain('server "bad" exited with code 3');
  expect(await client.call('good_echo', { text: 'fine' })).toBe('fine');
});

test('a server run alone that keeps dying ends the run, with what it said', async () => {
  const { client, done } = serveOnStdio([rawServer('one')], {
    settings: { restartDelayMs: 5, maxRestarts: 2 },
  });
  await client.initialize();
  for (let i = 0; i < 3; i++) await client.request('tools/call', { name: 'die', arguments: {} });
  await expect(done).rejects.toMatchObject({
    code: 'SERVER_EXIT',
    message: expect.stringContaining('about to die'),
  });
});

test('what a client had ordered is ordered again after a restart', async () => {
  const { client } = serveOnStdio([rawServer('one')], { settings: { restartDelayMs: 5 } });
  await client.initialize();
  await client.request('resources/subscribe', { uri: 'memo://one' });
  await client.request('tools/call', { name: 'die', arguments: {} });
  await client.call('touch', { uri: 'memo://one' });
  expect(client.received.some(({ method }) => method === 'notifications/resources/updated')).toBe(
    true,
  );
  const joined = serveOnStdio([rawServer('one'), rawServer('two')], {
    settings: { restartDelayMs: 5 },
  }).client;
  await joined.initialize();
  await joined.request('resources/subscribe', { uri: 'memo://two/one' });
  await joined.request('tools/call', { name: 'two_die', arguments: {} });
  await joined.call('two_echo', { text: 'x' });
  await joined.call('two_touch', { uri: 'memo://one' });
  await joined.next(
    ({ method, params }) =>
      method === 'notifications/resources/updated' && params.uri === 'memo://two/one',
  );
});

test('a server that stops reading its input fails what cannot reach it, and fills no memory', async () => {
  const { client } = serveOnStdio([rawServer('deaf'), rawServer('good')]);
  await client.initialize();
  await client.call('deaf_deafen');
  const params = { name: 'deaf_echo', arguments: { text: 'x'.repeat(1000) } };
  for (let id = 0; id < 2000; id++) {
    client.send({ id: `d${id}`, method: 'tools/call', params });
    if (id % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { error } = await client.next((message) => message.error !== undefined);
  expect(error?.message).toBe('server "deaf" does not read its requests');
  expect(await client.call('good_echo', { text: 'fine' })).toBe('fine');
});

test('a stateless client that vanishes in a call cancels it; its questions are taken back', async () => {
  const client = await connect('modern', 'http', [rawServer('one')]);
  await client.request('tools/list');
  const cancel = await client.begin('tools/call', { name: 'hang', arguments: {} });
  await new Promise((resolve) => setTimeout(resolve, 150));
  cancel();
  await until(() => client.home.stderr().includes('cancelled'));
});

test('a session that ends in a call cancels it', async () => {
  const { url, home } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  void client
    .post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang' } })
    .catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 150));
  await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': client.session ?? '' } });
  await until(() => home.stderr().includes('cancelled'));
});

test('closing a gateway ends its sessions, its streams and its processes', async () => {
  const { url, gateway } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  const pid = Number(await client.call('pid'));
  await client.listen();
  await gateway.close();
  expect(isAlive(pid)).toBe(false);
  await expect(client.request('ping')).rejects.toThrow();
});

test('a request whose id is in flight already is refused, and the first is still answered', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  const call = (text: string) =>
    client.post({
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: text === 'first' ? 'slow' : 'echo', arguments: { ms: 300, text } },
    });
  const first = call('first');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await messagesOf(await call('second')))[0]?.error?.code).toBe(-32600);
  expect((await messagesOf(await first))[0]?.result.content[0].text).toBe('done');
});
