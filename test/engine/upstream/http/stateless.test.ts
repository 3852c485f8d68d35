import { describe, expect, test } from 'vitest';
import { errorOf, resultOf } from '../../../../src/engine/json-rpc.ts';
import { createHttpUpstream } from '../../../../src/engine/upstream/http/http.ts';
import { makeHome } from '../../../helpers/home.ts';
import { events, json, serve } from '../../../helpers/http-server.ts';
import { drive, LIMITS } from '../../../helpers/upstream.ts';

const remote = (url: string) => {
  const home = makeHome();
  const server = { name: 'far', profile_tags: [], url, headers: {} };
  const options = { ctx: home.ctx, server, limits: LIMITS, headers: async () => ({}) };
  return drive(createHttpUpstream(options)).then((driven) => ({ ...driven, home }));
};

const annotated = (header: unknown, type = 'string') => ({
  name: 'where',
  inputSchema: {
    type: 'object',
    properties: {
      place: { type: 'object', properties: { region: { type, 'x-mcp-header': header } } },
    },
  },
});

describe('the stateless era', () => {
  test('mirrors revision, method and name into headers, and no session', async () => {
    const { url, received } = await serve(({ body }, response) =>
      json(response, resultOf(body.id, {})),
    );
    const far = await remote(url);
    await far.askStateless('resources/read', { uri: 'note://ä' });
    expect(received[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'resources/read',
      'mcp-name': `=?base64?${Buffer.from('note://ä').toString('base64')}?=`,
    });
  });

  test('mirrors the arguments that a tool wants mirrored', async () => {
    const { url, received } = await serve(({ body }, response) =>
      json(response, resultOf(body.id, { tools: [annotated('Region')] })),
    );
    const far = await remote(url);
    await far.askStateless('tools/list');
    await far.askStateless('tools/call', { name: 'where', arguments: { place: { region: 'eu' } } });
    await far.askStateless('tools/call', { name: 'where', arguments: { place: { region: null } } });
    expect(received.map(({ headers }) => headers['mcp-param-region'])).toEqual([
      undefined,
      'eu',
      undefined,
    ]);
  });

  test('leaves out a tool whose annotation is not sound, and says so', async () => {
    const { url } = await serve(({ body }, response) =>
      json(response, resultOf(body.id, { tools: [annotated('a b'), { name: 'fine' }], ttlMs: 5 })),
    );
    const far = await remote(url);
    const { result } = await far.askStateless('tools/list');
    expect(result).toEqual({ tools: [{ name: 'fine' }], ttlMs: 5 });
    expect(far.home.stderr()).toContain('the tool where is left out');
  });

  test('asks for the tools again when the server misses a header, and repeats the call', async () => {
    const { url, received } = await serve(({ body, headers }, response) => {
      if (body.method === 'tools/list')
        return json(response, resultOf(body.id, { tools: [annotated('Region')] }));
      return headers['mcp-param-region'] === undefined
        ? json(response, errorOf(body.id, -32020, 'header missing'), 400)
        : json(response, resultOf(body.id, { content: [] }));
    });
    const far = await remote(url);
    const answer = await far.askStateless('tools/call', {
      name: 'where',
      arguments: { place: { region: 'eu' } },
    });
    expect(answer.result).toEqual({ content: [] });
    expect(received.map(({ body }) => body.method)).toEqual([
      'tools/call',
      'tools/list',
      'tools/call',
    ]);
    expect(far.frames).toHaveLength(1);
  });

  test('cancels by closing the stream, and sends no notice of it', async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { url, received } = await serve((_request, response) => {
      response.on('close', () => closed());
      events(response, 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}');
    });
    const far = await remote(url);
    void far.askStateless('tools/call').catch(() => {});
    await far.arrived((message) => 'method' in message);
    far.tell('notifications/cancelled', { requestId: 1 });
    await gone;
    expect(received).toHaveLength(1);
    expect(far.frames).toHaveLength(1);
  });

  test('opens a broken stream of notices again, and tells what may have changed meanwhile', async () => {
    let opened = 0;
    const { url } = await serve((_request, response) => {
      events(
        response,
        `data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"n":${++opened}}}`,
      );
      if (opened === 1) response.destroy();
    });
    const far = await remote(url);
    void far
      .askStateless('subscriptions/listen', { notifications: { toolsListChanged: true } })
      .catch(() => {});
    await far.arrived(
      (message) => 'method' in message && message.method === 'notifications/tools/list_changed',
    );
    expect(opened).toBe(2);
    await far.upstream.close();
  });

  test('delivers a modern refusal as it is', async () => {
    const data = { supported: ['2026-07-28'], requested: '2099-01-01' };
    const { url } = await serve(({ body }, response) =>
      json(response, errorOf(body.id, -32022, 'Unsupported protocol version', data), 400),
    );
    const far = await remote(url);
    const { error } = await far.askStateless('server/discover');
    expect(error).toEqual({ code: -32022, message: 'Unsupported protocol version', data });
  });
});
