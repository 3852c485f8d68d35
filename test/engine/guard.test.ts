import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { bearerGuard, type GuardRequest } from '../../src/engine/index.ts';
import { rawServer, until } from '../helpers/engine.ts';
import { HttpClient, serveOnHttp } from '../helpers/served.ts';

const INIT = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 't', version: '1' },
  },
});

/** A request with any headers at all, which fetch would not send. */
function send(
  url: string,
  headers: Record<string, string>,
  body = INIT,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

test('without the right bearer there is 401 that says where to get one, and nothing else', async () => {
  const guard = bearerGuard('right-token', {
    resourceMetadata: 'https://x.example/.well-known/oauth-protected-resource',
  });
  const { url } = await serveOnHttp([rawServer('one')], { http: { guard } });
  for (const headers of [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic right-token' },
    { authorization: 'Bearer right-token2' },
  ] as Record<string, string>[]) {
    const refused = await send(url, headers);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain(
      'resource_metadata="https://x.example/.well-known/oauth-protected-resource"',
    );
  }
  expect((await send(url, { authorization: 'Bearer right-token' })).status).toBe(200);
});

test('the guard fails closed: an empty token allows nothing, and one that throws lets nobody in', async () => {
  const empty = await serveOnHttp([rawServer('one')], { http: { guard: bearerGuard('') } });
  expect((await send(empty.url, { authorization: 'Bearer ' })).status).toBe(401);
  const broken = await serveOnHttp([rawServer('one')], {
    http: {
      guard: () => {
        throw new Error('no database');
      },
    },
  });
  expect((await send(broken.url, {})).status).toBe(500);
});

test('a session answers only to the principal that opened it', async () => {
  const guard = ({ headers }: GuardRequest) => ({
    allow: true as const,
    principal: headers.authorization ?? '',
  });
  const { url } = await serveOnHttp([rawServer('one')], { http: { guard } });
  const ada = new HttpClient(url, { authorization: 'Bearer ada' });
  await ada.initialize();
  const thief = new HttpClient(url, { authorization: 'Bearer eve' });
  thief.session = ada.session;
  expect((await thief.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
  expect((await ada.request('ping')).result).toEqual({});
});

test('a wrong Host or Origin is forbidden: a rebound name does not get through', async () => {
  const { url, endpoint } = await serveOnHttp([rawServer('one')]);
  const cases: [Record<string, string>, number][] = [
    [{ host: 'evil.example' }, 403],
    [{ host: `evil.example:${endpoint.port}` }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: '192.168.0.7' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ host: `localhost:${endpoint.port}`, origin: 'http://localhost:3000' }, 200],
    [{ host: `[::1]:${endpoint.port}` }, 200],
  ];
  for (const [headers, status] of cases) {
    expect([headers, (await send(url, headers)).status]).toEqual([headers, status]);
  }
  const named = await serveOnHttp([rawServer('one')], {
    http: { allowedHosts: ['my.tunnel.example'] },
  });
  expect((await send(named.url, { host: 'my.tunnel.example' })).status).toBe(200);
});

test('a body beyond the limit is 413, of another type 415, no JSON 400', async () => {
  const { url } = await serveOnHttp([rawServer('one')], { settings: { maxBodyBytes: 1000 } });
  expect((await send(url, {}, 'x'.repeat(2000))).status).toBe(413);
  expect((await send(url, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await send(url, {}, '{')).status).toBe(400);
  expect((await send(url, {})).status).toBe(200);
});

test('too many sessions are 503 with when to come again; one that ends makes room', async () => {
  const { url } = await serveOnHttp([rawServer('one')], { settings: { maxSessions: 2 } });
  const clients = [new HttpClient(url), new HttpClient(url)];
  for (const client of clients) await client.initialize();
  const refused = await send(url, {});
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '30']);
  await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': clients[0]?.session ?? '' } });
  expect((await send(url, {})).status).toBe(200);
});

test('an idle session ends by itself; one with a stream does not', async () => {
  const { url } = await serveOnHttp([rawServer('one')], { settings: { sessionIdleMs: 150 } });
  const [idle, busy] = [new HttpClient(url), new HttpClient(url)];
  await idle.initialize();
  await busy.initialize();
  await busy.listen();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await idle.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
  expect((await busy.request('ping')).result).toEqual({});
});

test('a session whose client vanished in a call ends as well, and the call is cancelled', async () => {
  const { url, home } = await serveOnHttp([rawServer('one')], { settings: { sessionIdleMs: 200 } });
  const client = new HttpClient(url);
  await client.initialize();
  const gone = new AbortController();
  const hang = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'hang' } };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-session-id': client.session ?? '',
  };
  const body = JSON.stringify(hang);
  const call = fetch(url, { method: 'POST', headers, body, signal: gone.signal });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(home.stderr()).not.toContain('cancelled');
  gone.abort();
  await expect(call).rejects.toThrow();
  await until(() => home.stderr().includes('cancelled'));
  expect((await client.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
});

test('a hundred senders that never finish do not keep others waiting, and are dropped', async () => {
  const { url, endpoint } = await serveOnHttp([rawServer('one')], {
    settings: { requestTimeoutMs: 1000 },
  });
  const slow = Array.from({ length: 100 }, () => {
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.write(
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
    );
    socket.on('error', () => {});
    socket.resume();
    return new Promise<void>((resolve) => socket.on('close', () => resolve()));
  });
  const client = new HttpClient(url);
  await client.initialize();
  const began = performance.now();
  for (let i = 0; i < 20; i++) await client.call('echo', { text: 'x' });
  expect(performance.now() - began).toBeLessThan(2000);
  await Promise.all(slow);
}, 15_000);
