import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../../../../src/engine/json-rpc.ts';
import { rawServer, serveOnStdio } from '../../../helpers/engine.ts';
import { events, json, type Received, serve } from '../../../helpers/http-server.ts';

const nest = '['.repeat(10_000) + ']'.repeat(10_000);

/** What a tool makes the server answer instead of what it should. */
const ANSWERS: Readonly<Record<string, (id: string) => string>> = {
  garbage: (id) => `{"jsonrpc":"2.0","id":${id},"result":{"content":[}`,
  deep: (id) => `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"nest":${nest}}}`,
  huge: (id) => `{"jsonrpc":"2.0","id":${id},"result":{"text":"${'x'.repeat(2_000_000)}"}}`,
  looks: (id) => `{"jsonrpc":"2.0","id":${id},"result":{"a":[no "${'x'.repeat(400_000)}"]}}`,
  echo: (id) => JSON.stringify(resultOf(Number(id), { content: [{ type: 'text', text: 'fine' }] })),
};

const OPENING = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: {} };

/** A server whose `wait` is answered when `release` is called, the other tools at once. */
const server = (write: (response: ServerResponse, text: string) => void) => {
  let release = () => {};
  return {
    release: () => release(),
    answer: ({ body }: Received, response: ServerResponse) => {
      const { id, method, params } = body;
      if (method === 'initialize') return write(response, JSON.stringify(resultOf(id, OPENING)));
      if (params?.name !== 'wait') return write(response, ANSWERS[params.name]?.(`${id}`) ?? '');
      release = () => write(response, ANSWERS.echo?.(`${id}`) ?? '');
    },
  };
};

const inOneBody = () => {
  const { answer, release } = server((response, text) => json(response, text));
  return { release, handle: withNotices(answer) };
};

const onAStreamEach = () => {
  const { answer, release } = server((response, text) => {
    events(response, `data: ${text}`);
    response.end();
  });
  return { release, handle: withNotices(answer) };
};

/** The transport of old: all answers come on one stream. */
const onOneStream = () => {
  let stream: ServerResponse;
  const { answer, release } = server((_response, text) => events(stream, `data: ${text}`));
  return {
    release,
    handle: (request: Received, response: ServerResponse) => {
      if (request.path === '/mcp' && request.method === 'POST') return json(response, '', 405);
      if (request.method === 'POST') response.writeHead(202).end();
      if (request.body?.id !== undefined) return answer(request, response);
      if (request.method !== 'GET') return undefined;
      stream = response;
      return events(response, 'event: endpoint\ndata: /post');
    },
  };
};

function withNotices(answer: (request: Received, response: ServerResponse) => unknown) {
  return (request: Received, response: ServerResponse) =>
    request.body?.id === undefined ? response.writeHead(202).end() : answer(request, response);
}

describe.each([
  ['one body', inOneBody],
  ['a stream of its own', onAStreamEach],
  ['the one stream of the old transport', onOneStream],
])('an answer on %s that cannot be read', (_name, make) => {
  test.each([
    ['alone', [], ''],
    ['joined with another', [rawServer('other')], 'far_'],
  ])('fails by name, and nothing else does, %s', async (_how, others, prefix) => {
    const { handle, release } = make();
    const { url } = await serve(handle);
    const far = { name: 'far', profile_tags: [], url, headers: {} };
    const { client } = serveOnStdio([far, ...others], { settings: { maxFrameBytes: 1_000_000 } });
    await client.initialize();
    const waiting = client.call(`${prefix}wait`);
    for (const [tool, why] of [
      ['garbage', 'is not valid JSON'],
      ['deep', 'is nested too deeply'],
      ['looks', 'is not valid JSON'],
      ['huge', 'more than'],
    ] as const) {
      const { error } = await client.request('tools/call', { name: `${prefix}${tool}` });
      expect(error?.message).toContain(why);
      expect(error?.message).toContain('far');
    }
    expect(await client.call(`${prefix}echo`)).toBe('fine');
    release();
    expect(await waiting).toBe('fine');
  });
});
