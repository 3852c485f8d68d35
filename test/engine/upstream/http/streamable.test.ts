import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { errorOf, resultOf } from '../../../../src/engine/json-rpc.ts';
import { createHttpUpstream } from '../../../../src/engine/upstream/http/http.ts';
import { makeHome } from '../../../helpers/home.ts';
import { events, json, type Received, serve } from '../../../helpers/http-server.ts';
import { drive, LIMITS } from '../../../helpers/upstream.ts';

const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true } };

const remote = (url: string, headers: Record<string, string> = {}) => {
  const { ctx } = makeHome();
  const upstream = createHttpUpstream({
    ctx,
    server: { name: 'far', profile_tags: [], url, headers },
    limits: LIMITS,
    headers: async () => headers,
  });
  return drive(upstream);
};

/** A server of the session era: sessions `s1`, `s2` …; other requests go to `handle`. */
const sessions = (
  handle: (request: Received, response: ServerResponse, session: string | undefined) => unknown,
) => {
  let count = 0;
  const known = new Set<string>();
  return {
    forget: () => known.clear(),
    handle: (request: Received, response: ServerResponse) => {
      const { body } = request;
      const session = request.headers['mcp-session-id'] as string | undefined;
      if (body?.method === 'initialize') {
        known.add(`s${++count}`);
        const result = {
          protocolVersion: '2025-11-25',
          capabilities: CAPABILITIES,
          serverInfo: {},
        };
        return json(response, resultOf(body.id, result), 200, { 'mcp-session-id': `s${count}` });
      }
      if (!session || !known.has(session)) return json(response, { error: 'unknown' }, 404);
      if (request.method === 'DELETE') return response.writeHead(204).end();
      if (body && !('id' in body)) return response.writeHead(202).end();
      if (request.method === 'GET' && !request.headers['last-event-id'])
        return response.writeHead(405).end();
      return handle(request, response, session);
    },
  };
};

describe('one request', () => {
  test('passes every byte of a JSON answer on, numbers and unknown fields included', async () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"result":{"big":12345678901234567890,"one":1.0,"x":{"y":[]}},\n "z":0}';
    const { url } = await serve((_request, response) => json(response, text));
    const far = await remote(url);
    await far.ask('vendor/thing', { q: 1 });
    expect(far.frames[0]?.bytes?.toString()).toBe(text.replace('\n', ' '));
    expect(far.frames[0]?.relatedTo).toBe(1);
  });

  test('sends the configured headers and what the transport needs', async () => {
    const { url, received } = await serve(({ body }, response) =>
      json(response, resultOf(body.id, {})),
    );
    const far = await remote(url, { 'X-Key': 'k', Accept: 'ignored' });
    await far.ask('ping');
    expect(received[0]?.headers).toMatchObject({
      'x-key': 'k',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    });
  });

  test('delivers what comes on its stream, related to it, up to the answer', async () => {
    const { url } = await serve(({ body }, response) => {
      events(
        response,
        ': hello',
        'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}',
      );
      events(
        response,
        'data: not json',
        `data: ${JSON.stringify(resultOf(body.id, { ok: true }))}`,
      );
    });
    const far = await remote(url);
    expect((await far.ask('tools/call')).result).toEqual({ ok: true });
    expect(far.frames.map(({ relatedTo }) => relatedTo)).toEqual([1, 1]);
  });

  test.each([
    ['an error page', 500, '<h1>no</h1>', 'far: HTTP 500 Internal Server Error', -32603],
    ['an error of the protocol', 400, errorOf(0, -32602, 'bad params'), 'bad params', -32602],
    ['an error without an id', 404, { error: { code: -32601, message: 'none' } }, 'none', -32601],
  ])('fails alone when the server answers with %s', async (_name, status, body, message, code) => {
    let calls = 0;
    const { url } = await serve((request, response) =>
      calls++ === 0 ? json(response, body, status) : json(response, resultOf(request.body.id, {})),
    );
    const far = await remote(url);
    expect((await far.ask('tools/list')).error).toMatchObject({ code, message });
    expect((await far.ask('tools/list')).result).toEqual({});
    expect(far.upstream.state).toBe('up');
  });

  test('fails alone when the connection breaks in the middle of an answer', async () => {
    const { url } = await serve(({ body }, response) => {
      if (body.id > 1) return json(response, resultOf(body.id, {}));
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"jsonrpc"');
      setTimeout(() => response.destroy(), 10);
    });
    const far = await remote(url);
    const { error } = await far.ask('tools/call');
    expect(error?.message).toMatch(/^far: /);
    expect((await far.ask('ping')).result).toEqual({});
  });

  test('fails alone when the answer is larger than a frame may be', async () => {
    const { url } = await serve(({ body }, response) =>
      json(response, resultOf(body.id, body.id === 1 ? { big: 'x'.repeat(2 << 20) } : {})),
    );
    const far = await remote(url);
    expect((await far.ask('tools/call')).error?.message).toContain('more than 1048576 bytes');
    expect((await far.ask('ping')).result).toEqual({});
  });

  test('waits for a server that is restarting', async () => {
    const first = await serve(({ body }, response) => json(response, resultOf(body.id, { n: 1 })));
    const far = await remote(first.url);
    await far.ask('ping');
    await first.stop();
    const answer = far.ask('ping');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await serve(({ body }, response) => json(response, resultOf(body.id, { n: 2 })), first.port);
    expect((await answer).result).toEqual({ n: 2 });
  });

  test('is sent again over a broken connection when that does no harm, and only then', async () => {
    let cut = 0;
    const { url, received } = await serve(({ body }, response) =>
      cut++ % 2 === 0 ? response.destroy() : json(response, resultOf(body.id, {})),
    );
    const far = await remote(url);
    expect((await far.ask('tools/list')).result).toEqual({});
    const { error } = await far.ask('tools/call', { name: 'pay' });
    expect(error?.message).toMatch(/^far: Cannot reach/);
    expect(received.map(({ body }) => body.method)).toEqual([
      'tools/list',
      'tools/list',
      'tools/call',
    ]);
  });

  test('follows a redirect within the host, and takes no header to another', async () => {
    const other = await serve(({ body }, response) => json(response, resultOf(body.id, {})));
    const { url } = await serve(({ path, body }, response) => {
      if (path === '/mcp/') return json(response, resultOf(body.id, { there: true }));
      const away = body.method === 'tools/call';
      return response
        .writeHead(307, { location: away ? other.url.replace('127.0.0.1', 'localhost') : '/mcp/' })
        .end();
    });
    const far = await remote(url, { 'x-key': 'secret' });
    expect((await far.ask('ping')).result).toEqual({ there: true });
    expect((await far.ask('tools/call')).error?.message).toContain('sends its clients to');
    expect(other.received).toEqual([]);
  });

  test('comes back when the server says so', async () => {
    let calls = 0;
    const { url } = await serve(({ body }, response) =>
      calls++ === 0
        ? json(response, '', 503, { 'retry-after': '0' })
        : json(response, resultOf(body.id, {})),
    );
    expect((await (await remote(url)).ask('ping')).result).toEqual({});
  });
});

describe('a session', () => {
  test('names its id and revision in every request, and ends with DELETE', async () => {
    const { handle } = sessions(({ body }, response) => json(response, resultOf(body.id, {})));
    const { url, received } = await serve(handle);
    const far = await remote(url);
    await far.initialize();
    await far.ask('tools/list');
    await far.upstream.close();
    const calls = received.filter(({ method }) => method !== 'GET');
    expect(
      calls.map(({ body, headers }) => [
        body?.method,
        headers['mcp-session-id'],
        headers['mcp-protocol-version'],
      ]),
    ).toEqual([
      ['initialize', undefined, undefined],
      ['notifications/initialized', 's1', '2025-11-25'],
      ['tools/list', 's1', '2025-11-25'],
      [undefined, 's1', '2025-11-25'],
    ]);
    expect(calls.at(-1)?.method).toBe('DELETE');
    expect(far.exits).toEqual([{ expected: true, reason: 'closed', tail: '' }]);
  });

  test('that the server lost is opened anew without the client noticing', async () => {
    const server = sessions(({ body }, response, session) =>
      json(response, resultOf(body.id, { session })),
    );
    const { url, received } = await serve(server.handle);
    const far = await remote(url);
    await far.initialize();
    await far.ask('resources/subscribe', { uri: 'a:b' });
    await far.ask('resources/subscribe', { uri: 'c:d' });
    await far.ask('resources/unsubscribe', { uri: 'a:b' });
    await far.ask('logging/setLevel', { level: 'info' });
    server.forget();
    const before = received.length;
    const answers = await Promise.all([far.ask('tools/list'), far.ask('prompts/list')]);
    expect(answers.map(({ result }) => result?.session)).toEqual(['s2', 's2']);
    const again = received
      .slice(before)
      .filter(({ headers }) => headers['mcp-session-id'] !== 's1');
    const methods = again.flatMap(({ body }) => body?.method ?? []);
    expect(methods.slice(0, 4)).toEqual([
      'initialize',
      'notifications/initialized',
      'resources/subscribe',
      'logging/setLevel',
    ]);
    expect(methods.slice(4).sort()).toEqual(['prompts/list', 'tools/list']);
    expect(far.notices('notifications/tools/list_changed')).toHaveLength(1);
    expect(
      far.frames.filter(({ message }) => String('id' in message && message.id).startsWith('mcpm')),
    ).toEqual([]);
  });

  test('broken in the middle of an answer is resumed after the last event', async () => {
    const { handle } = sessions(({ method, headers, body }, response) => {
      if (method === 'GET') {
        const cursor = headers['last-event-id'];
        events(response, `id: 2\ndata: ${JSON.stringify(resultOf(2, { after: cursor }))}`);
        return response.end();
      }
      events(response, `id: e-${body.id}\nretry: 20\ndata: `);
      return setTimeout(() => response.destroy(), 20);
    });
    const { url } = await serve(handle);
    const far = await remote(url);
    await far.initialize();
    expect((await far.ask('tools/call')).result).toEqual({ after: 'e-2' });
  });

  test('hears what the server says unasked, also after the standing stream broke', async () => {
    let opened = 0;
    const notice = 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"n":';
    const { url } = await serve(({ method, body, headers }, response) => {
      if (method === 'GET') {
        opened += 1;
        events(
          response,
          `id: ${opened}\nretry: 10\n${notice}${opened},"after":"${headers['last-event-id']}"}}`,
        );
        if (opened === 1) response.end();
        return undefined;
      }
      if (!('id' in body)) return response.writeHead(202).end();
      return json(response, resultOf(body.id, { protocolVersion: '2025-11-25', capabilities: {} }));
    });
    const far = await remote(url);
    await far.initialize();
    await far.arrived((message) => 'params' in message && message.params?.n === 2);
    expect(far.notices('notifications/message').map((m) => 'params' in m && m.params)).toEqual([
      { n: 1, after: 'undefined' },
      { n: 2, after: '1' },
    ]);
  });

  test('delivers nothing while the receiver is full', async () => {
    const { handle } = sessions(({ body }, response) => json(response, resultOf(body.id, {})));
    const { url } = await serve(handle);
    const far = await remote(url);
    await far.initialize();
    far.upstream.pause();
    const answer = far.ask('tools/list');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(far.frames).toHaveLength(1);
    far.upstream.resume();
    expect((await answer).result).toEqual({});
  });
});
