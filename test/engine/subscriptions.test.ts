/** What servers say on their own: to those who asked to hear it, for as long as they want to, whatever happens to servers and streams. */
import { describe, expect, test, vi } from 'vitest';
import { connect, ENVELOPE } from '../helpers/any-client.ts';
import { rawServer, serveOnStdio, until } from '../helpers/engine.ts';
import { modernServer, startModern } from '../helpers/fake-servers.ts';
import { HttpClient, serveOnHttp } from '../helpers/served.ts';

const UPDATED = 'notifications/resources/updated';
const CHANGED = 'notifications/tools/list_changed';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(['legacy', 'modern'] as const)('a %s client', (era) => {
  test.each([
    ['one', () => [rawServer('s')], '', 'memo://'],
    ['several', () => [rawServer('s'), rawServer('other')], 's_', 'memo://s/'],
    ['one of the new era', () => [modernServer('s')], '', 'memo://'],
  ])(
    'hears of a part of the resource that it listens to, at %s',
    async (_name, servers, prefix, base) => {
      const client = await connect(era, 'http', servers());
      await client.listen(`${base}notes`);
      const touch = (uri: string) =>
        client.request('tools/call', { name: `${prefix}touch`, arguments: { uri } });
      await touch('memo://notes/today');
      await touch('memo://notes');
      const heard = () =>
        client.notices.filter(({ method }) => method === UPDATED).map(({ params }) => params.uri);
      await until(() => heard().includes(`${base}notes`));
      expect(heard()).toEqual([`${base}notes/today`, `${base}notes`]);
    },
  );
});

test('a subscription is counted per session: the server hears of the first and of the last alone', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const clients = [new HttpClient(url), new HttpClient(url), new HttpClient(url)];
  const heard = (client: HttpClient) =>
    client.received.filter(({ method }) => method === UPDATED).length;
  const [a, b, c] = clients as [HttpClient, HttpClient, HttpClient];
  for (const client of clients) {
    await client.initialize();
    await client.listen();
  }
  for (const client of [a, b]) await client.request('resources/subscribe', { uri: 'memo://x' });
  const touch = async () => {
    await c.call('touch', { uri: 'memo://x' });
    await pause(50);
  };
  await touch();
  expect(clients.map(heard)).toEqual([1, 1, 0]);
  await a.request('resources/unsubscribe', { uri: 'memo://x' });
  await touch();
  expect(clients.map(heard)).toEqual([1, 2, 0]);
  // What merely begins alike is another resource.
  await c.request('resources/subscribe', { uri: 'memo://xyz' });
  await c.call('touch', { uri: 'memo://xyz' });
  await until(() => heard(c) === 1);
  expect(clients.map(heard)).toEqual([1, 2, 1]);
  // A session that ends without a word does not take the other's subscription along, nor leave its own.
  await a.request('resources/subscribe', { uri: 'memo://x' });
  await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': b.session ?? '' } });
  await touch();
  expect(clients.map(heard)).toEqual([2, 2, 1]);
});

test('a client of the new era that listens hears of a server that comes up later', async () => {
  const { client } = serveOnStdio([rawServer('quick'), rawServer('late', '--slow-start')], {
    settings: { startTimeoutMs: 100 },
  });
  const names = async () => {
    const { result } = await client.request('tools/list', { _meta: ENVELOPE });
    return (result?.tools ?? []).map(({ name }: { name: string }) => name);
  };
  await vi.waitFor(async () => expect(await names()).toContain('quick_echo'), 5_000);
  const notifications = { toolsListChanged: true, resourceSubscriptions: ['memo://late/one'] };
  client.send({
    id: 'l',
    method: 'subscriptions/listen',
    params: { notifications, _meta: ENVELOPE },
  });
  const begun = await client.next(({ method }) => method?.endsWith('acknowledged') === true);
  expect(begun.params.notifications).toEqual(notifications);
  await client.next(({ method }) => method === CHANGED);
  expect(await names()).toContain('late_echo');
  await pause(100);
  const params = { name: 'late_touch', arguments: { uri: 'memo://one' }, _meta: ENVELOPE };
  await client.request('tools/call', params);
  await client.next(({ params }) => params?.uri === 'memo://late/one');
});

test.each(['an answer', 'cancelled'])(
  'a stream that a server of the new era ends (%s) is opened again for those who still listen',
  async (how) => {
    const { client } = serveOnStdio([modernServer('new'), rawServer('old')], {
      settings: { restartDelayMs: 10 },
    });
    await client.initialize();
    await client.request('resources/subscribe', { uri: 'memo://new/one' });
    await client.call('new_cut', { how });
    await pause(200);
    await client.call('new_touch', { uri: 'memo://one' });
    await client.next(({ method }) => method === UPDATED);
  },
);

test.each(['an answer', 'cancelled'])(
  'a stream that the one server ends (%s) ends for its client, by the id that the client knows',
  async (how) => {
    const { url } = await serveOnHttp([modernServer('new')]);
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' };
    const client = new HttpClient(url);
    const params = { notifications: { toolsListChanged: true }, _meta: ENVELOPE };
    const listening = client.post(
      { jsonrpc: '2.0', id: 'mine', method: 'subscriptions/listen', params },
      headers,
    );
    await listening;
    const call = { name: 'cut', arguments: { how }, _meta: ENVELOPE };
    await client.post(
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: call },
      { ...headers, 'mcp-method': 'tools/call', 'mcp-name': 'cut' },
    );
    const text = await (await listening).text();
    const last = JSON.parse(text.trim().split('data: ').at(-1) ?? '');
    expect(last).toMatchObject({
      id: 'mine',
      result: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'mine' } },
    });
  },
);

test("a log level that the one server refuses is refused every time, with the server's own error", async () => {
  const { url } = await serveOnHttp([rawServer('one', '--no-logging')]);
  const client = new HttpClient(url);
  await client.initialize();
  for (const _time of [1, 2]) {
    const { error } = await client.request('logging/setLevel', { level: 'info' });
    expect(error).toEqual({ code: -32601, message: 'Method not found' });
  }
});

test("a vendor's notification reaches the server, in whichever eras client and server are", async () => {
  for (const [era, transport] of [
    ['legacy', 'stdio'],
    ['legacy', 'http'],
    ['modern', 'stdio'],
    ['modern', 'http'],
  ] as const) {
    const client = await connect(era, transport, [rawServer('old'), await startModern('new')]);
    await client.request('tools/list');
    await client.tell('vendor/hint', { n: 1 });
    for (const name of ['old_heard', 'new_heard']) {
      // Over HTTP, a notification and the request after it may overtake each other.
      await vi.waitFor(async () => {
        const { result } = await client.request('tools/call', { name, arguments: {} });
        expect(JSON.parse(result.content[0].text), `${era} ${transport} ${name}`).toMatchObject([
          { method: 'vendor/hint', params: { n: 1 } },
        ]);
      }, 5_000);
    }
  }
});

test('that a URL was visited is told to the session that was asked to, and to no other', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const [ours, theirs] = [new HttpClient(url), new HttpClient(url)];
  for (const client of [ours, theirs]) {
    await client.initialize({ capabilities: { elicitation: { url: {} } } });
    await client.listen();
  }
  const refused = await ours.request('tools/call', { name: 'visit', arguments: {} });
  expect(refused.error?.code).toBe(-32042);
  await theirs.call('complete');
  await until(() => ours.received.length === 1);
  expect(ours.received[0]).toMatchObject({
    method: 'notifications/elicitation/complete',
    params: { elicitationId: 'e' },
  });
  expect(theirs.received).toEqual([]);
});
