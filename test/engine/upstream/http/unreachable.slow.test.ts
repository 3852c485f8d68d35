/** A remote server that is not there when it is first needed. */
import { expect, test } from 'vitest';
import { resultOf } from '../../../../src/engine/json-rpc.ts';
import { rawServer, serveOnStdio, until } from '../../../helpers/engine.ts';
import { json, serve } from '../../../helpers/http-server.ts';

const remote = (url: string) => ({ name: 'far', profile_tags: [], url, headers: {} });

/** Well above the 15 s of patience, well below that of clients (60 s). */
const LIMIT = 40_000;

test(
  'run alone, it is reported once the patience of one request is over, not guessed at in every era',
  async () => {
    const gone = await serve(() => {});
    await gone.stop();
    const { client } = serveOnStdio([remote(gone.url)]);
    const began = performance.now();
    const { error } = await client.initialize();
    expect(error?.message).toContain(`far: Cannot reach ${gone.url}: connection refused`);
    expect(error?.data).toMatchObject({ server: 'far', code: 'NETWORK' });
    expect(performance.now() - began).toBeLessThan(25_000);
  },
  LIMIT,
);

test(
  'joined with others, it is tried again by itself, and its tools appear once it is there',
  async () => {
    const gone = await serve(() => {});
    await gone.stop();
    const { client, home } = serveOnStdio([remote(gone.url), rawServer('good')], {
      settings: { startTimeoutMs: 500, restartDelayMs: 50 },
    });
    await client.initialize();
    expect(await client.call('good_echo', { text: 'fine' })).toBe('fine');
    await until(() => home.stderr().includes('trying again in'), LIMIT);
    // From here on, a change of the lists means that the server is there: one that never was there does not change them by going.
    client.received.length = 0;
    await serve(({ body }, response) => {
      if (body?.id === undefined) return response.writeHead(202).end();
      const opening = {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: {},
      };
      const lists = { tools: [{ name: 'there', inputSchema: { type: 'object' } }] };
      return json(response, resultOf(body.id, body.method === 'initialize' ? opening : lists));
    }, gone.port);
    await client.next(({ method }) => method === 'notifications/tools/list_changed');
    const { result } = await client.request('tools/list');
    expect(result.tools.map(({ name }: { name: string }) => name)).toContain('far_there');
  },
  LIMIT,
);
