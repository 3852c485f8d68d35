import { expect, test } from 'vitest';
import { rawServer, until } from '../helpers/engine.ts';
import { HttpClient, messagesOf, serveOnHttp } from '../helpers/served.ts';

test('one server is served verbatim at /mcp and /mcp/, with JSON answers when nothing else is to be said', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(`${url}/`);
  expect((await client.initialize()).result).toMatchObject({
    vendor: { kept: true },
    serverInfo: { name: 'one' },
  });
  const response = await client.post({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: 'hi' } },
  });
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await messagesOf(response)).toEqual([
    { jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text', text: 'hi' }] } },
  ]);
  expect((await client.request('vendor/hello', { x: 1 })).result).toEqual({ hello: { x: 1 } });
});

test('progress and questions during a call come on its stream; the client answers with a post', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  client.answers['sampling/createMessage'] = () => ({
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
  });
  await client.initialize({ capabilities: { sampling: {} } });
  const progress = await client.request('tools/call', {
    name: 'progress',
    arguments: { steps: 2 },
    _meta: { progressToken: 5 },
  });
  expect(progress.result.content[0].text).toBe('done');
  expect(client.received.map(({ params }) => params.progressToken)).toEqual([5, 5]);
  expect(
    await client.call('ask', { method: 'sampling/createMessage', params: { messages: [] } }),
  ).toContain('sampled');
});

test('what belongs to no request waits for the standing stream', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  await client.call('extend');
  await client.listen();
  await until(() =>
    client.received.some(({ method }) => method === 'notifications/tools/list_changed'),
  );
  const second = await fetch(url, {
    headers: { accept: 'text/event-stream', 'mcp-session-id': client.session ?? '' },
  });
  expect(second.status).toBe(409);
});

test('several servers are joined over HTTP as over stdio', async () => {
  const { url } = await serveOnHttp([rawServer('one'), rawServer('two')]);
  const client = new HttpClient(url);
  await client.initialize();
  expect(await client.call('two_echo', { text: 'hi' })).toBe('hi');
});

test('a request written over several lines reaches a server on stdio as one', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  const params = { name: 'verbatim', arguments: { text: 'a\nb' } };
  const call = { jsonrpc: '2.0', id: 70, method: 'tools/call', params };
  const body = await (await client.post(JSON.stringify(call, null, '\r\n'))).text();
  expect(JSON.parse(JSON.parse(body).result.content[0].text)).toEqual(call);
});

test('a session ends on DELETE; unknown and missing ones are told apart', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  const headers = { 'mcp-session-id': client.session ?? '' };
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  expect((await client.post(ping)).status).toBe(404);
  client.session = undefined;
  expect((await client.post(ping)).status).toBe(400);
});

test('GET /healthz answers without a session', async () => {
  const { endpoint } = await serveOnHttp([rawServer('one')]);
  const response = await fetch(`http://127.0.0.1:${endpoint.port}/healthz`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

test('a taken port is an error with its code; with tries the next free one is used', async () => {
  const { endpoint } = await serveOnHttp([rawServer('one')]);
  const { port } = endpoint;
  await expect(serveOnHttp([rawServer('one')], { http: { port } })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  });
  const next = await serveOnHttp([rawServer('one')], { http: { port, portTries: 10 } });
  expect(next.endpoint.port).toBeGreaterThan(port);
});

test('a batch of revision 2025-03-26 is answered as one', async () => {
  const { url } = await serveOnHttp([rawServer('one')]);
  const client = new HttpClient(url);
  await client.initialize();
  const response = await client.post([
    { jsonrpc: '2.0', id: 1, method: 'ping' },
    { jsonrpc: '2.0', method: 'notifications/x' },
    {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'b' } },
    },
  ]);
  const ids = (await messagesOf(response)).map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set([1, 2]));
});
