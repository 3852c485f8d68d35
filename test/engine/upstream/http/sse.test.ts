import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { resultOf } from '../../../../src/engine/json-rpc.ts';
import { createHttpUpstream } from '../../../../src/engine/upstream/http/http.ts';
import { makeHome } from '../../../helpers/home.ts';
import { events, json, type Received, serve } from '../../../helpers/http-server.ts';
import { drive, LIMITS } from '../../../helpers/upstream.ts';

const remote = (url: string) => {
  const { ctx } = makeHome();
  const server = { name: 'old', profile_tags: [], url, headers: { 'x-key': 'k' } };
  const headers = async () => server.headers;
  return drive(createHttpUpstream({ ctx, server, limits: LIMITS, headers }));
};

/** A server of the HTTP+SSE transport: one stream at a time, answers echo the request. */
const oldServer = (endpoint = '/post?s=') => {
  let stream: ServerResponse | undefined;
  let opened = 0;
  return {
    cut: () => stream?.destroy(),
    handle: ({ method, path, body, headers }: Received, response: ServerResponse) => {
      if (path === '/mcp' && method === 'GET') {
        stream = response;
        opened += 1;
        return events(response, `event: endpoint\ndata: ${endpoint}${opened}`);
      }
      if (path === '/mcp') return json(response, 'Method Not Allowed', 405);
      response.writeHead(202).end('Accepted');
      if (body?.id === undefined || body.params?.silent) return undefined;
      const result = {
        method: body.method,
        path,
        key: headers['x-key'],
        protocolVersion: '2024-11-05',
      };
      return events(
        stream as ServerResponse,
        `event: message\ndata: ${JSON.stringify(resultOf(body.id, result))}`,
      );
    },
  };
};

test('a server of the old transport is recognised at initialize, and spoken to over its stream', async () => {
  const { url, received } = await serve(oldServer().handle);
  const far = await remote(url);
  expect((await far.initialize()).result).toMatchObject({ method: 'initialize' });
  expect(far.upstream.transport).toBe('sse');
  const { result } = await far.ask('tools/list');
  expect(result).toMatchObject({ method: 'tools/list', path: '/post?s=1', key: 'k' });
  expect(received.filter(({ path }) => path !== '/mcp').map(({ body }) => body.method)).toEqual([
    'initialize',
    'notifications/initialized',
    'tools/list',
  ]);
});

test('a broken stream fails what was asked, and the session is opened anew', async () => {
  const old = oldServer();
  const { url } = await serve(old.handle);
  const far = await remote(url);
  await far.initialize();
  const lost = far.ask('tools/call', { silent: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  old.cut();
  expect((await lost).error?.message).toMatch(/^old: the (stream broke|server closed)/);
  expect((await far.ask('tools/list')).result).toMatchObject({ path: '/post?s=2' });
});

test('an address on another host is not followed', async () => {
  const { url, received } = await serve(oldServer('http://127.0.0.2:9/steal').handle);
  const far = await remote(url);
  const { error } = await far.initialize();
  expect(error?.message).toContain('another host');
  expect(received.filter(({ path }) => path !== '/mcp')).toEqual([]);
});
