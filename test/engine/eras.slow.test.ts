/**
 * The matrix of eras: an old or new client, over stdio or HTTP, at an old or new server, over stdio or HTTP, alone or beside another; every
 * capability in every cell. There is no cell that the specification makes impossible: where one era lacks a mechanism, the other's is
 * translated.
 */
import { describe, expect, test, vi } from 'vitest';
import type { Server } from '../../src/config/types.ts';
import { type AnyClient, connect, type Era, type Transport } from '../helpers/any-client.ts';
import { rawServer, until, type Wire } from '../helpers/engine.ts';
import { modernServer, startModern, startRaw } from '../helpers/fake-servers.ts';

const SERVERS: Readonly<Record<Era, Readonly<Record<Transport, () => Promise<Server>>>>> = {
  legacy: { stdio: async () => rawServer('s', '--quiet'), http: () => startRaw('s', '--quiet') },
  modern: { stdio: async () => modernServer('s'), http: () => startModern('s') },
};

const notices = (client: AnyClient, method: string) =>
  client.notices.filter((one) => one.method === method);

/** What a server asks of a client, and what the client answers. */
const ASKS = {
  'elicitation form': [
    'elicitation/create',
    { message: 'Who?', requestedSchema: { type: 'object', properties: {} } },
    { action: 'accept', content: { name: 'Ada' } },
  ],
  'elicitation URL': [
    'elicitation/create',
    { mode: 'url', message: 'Go', url: 'https://example.com/', elicitationId: 'e' },
    { action: 'accept' },
  ],
  'sampling with tools': [
    'sampling/createMessage',
    { messages: [], maxTokens: 5, tools: [{ name: 't', inputSchema: { type: 'object' } }] },
    { role: 'assistant', model: 'm', content: { type: 'tool_use', id: '1', name: 't', input: {} } },
  ],
  roots: ['roots/list', {}, { roots: [{ uri: 'file:///r' }] }],
} as const;

/** The server of a cell, and what its tools and resources are called there. */
interface At {
  readonly era: Era;
  call(name: string, args?: object, meta?: object): Promise<Wire>;
  tool(name: string): string;
  uri(uri: string): string;
}

type Cell = (client: AnyClient, at: At) => Promise<void>;

const CELLS: Record<string, Cell> = {
  'plain call': async (client, { era, call, tool }) => {
    const { result } = await call('echo', { text: 'hé' });
    expect(result.content).toEqual([{ type: 'text', text: 'hé' }]);
    if (era === 'modern')
      expect(result).toMatchObject({ structuredContent: { said: 'hé' }, _meta: { 'vendor/x': 1 } });
    const { result: list } = await client.request('tools/list');
    const listed = list.tools.find(({ name }: { name: string }) => name === tool('echo'));
    expect(listed).toMatchObject({ 'x-vendor': 1 });
  },
  progress: async (client, { call }) => {
    await call('progress', { steps: 2 }, { progressToken: 'p' });
    const told = notices(client, 'notifications/progress').map(({ params }) => params);
    expect(told).toMatchObject([
      { progressToken: 'p', progress: 1, total: 2 },
      { progressToken: 'p', progress: 2, total: 2 },
    ]);
  },
  cancellation: async (client, { call, tool }) => {
    await client.request('tools/list');
    const cancel = await client.begin('tools/call', { name: tool('hang'), arguments: {} });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await call('cancelled')).result.content[0].text).toBe('0');
    cancel();
    await vi.waitFor(
      async () => expect((await call('cancelled')).result.content[0].text).toBe('1'),
      5_000,
    );
    expect(client.notices.some(({ id }) => id === 'begun')).toBe(false);
  },
  ...Object.fromEntries(
    Object.entries(ASKS).map(([name, [method, params, answer]]): [string, Cell] => [
      name,
      async (client, { era, call }) => {
        const asked: unknown[] = [];
        client.answers[method] = (given) => {
          asked.push(given);
          return answer;
        };
        const { result, error } = await call('ask', { method, params });
        expect(error).toBeUndefined();
        expect(asked).toEqual([params]);
        expect(JSON.parse(result.content[0].text)).toEqual(answer);
        if (era === 'modern')
          expect(result).toMatchObject({
            structuredContent: { asked: method },
            _meta: { 'vendor/x': 1 },
          });
      },
    ]),
  ),
  'subscribe and updated': async (client, { call, uri }) => {
    await client.listen(uri('memo://one'));
    await call('touch', { uri: 'memo://two' });
    await call('touch', { uri: 'memo://one' });
    await until(() => notices(client, 'notifications/resources/updated').length > 0);
    const [first] = notices(client, 'notifications/resources/updated');
    expect(first?.params.uri).toBe(uri('memo://one'));
  },
  'list changed': async (client, { call, tool, uri }) => {
    await client.listen(uri('memo://one'));
    await call('extend');
    await until(() => notices(client, 'notifications/tools/list_changed').length > 0);
    const { result } = await client.request('tools/list');
    expect(result.tools.map(({ name }: { name: string }) => name)).toContain(tool('extra'));
  },
  logging: async (client, { call }) => {
    await client.setLevel('warning');
    await call('log', { level: 'info', data: 'quiet' });
    await call('log', { level: 'error', data: 'loud' });
    await until(() => notices(client, 'notifications/message').length > 0);
    const told = notices(client, 'notifications/message').map(({ params }) => params);
    expect(told).toMatchObject([{ level: 'error', data: 'loud' }]);
  },
};

/** What only a server of the old era does: it refuses with the URLs to visit first (error -32042 of revision 2025-11-25). */
const URL_FIRST = async (client: AnyClient, clientEra: Era, { call }: At) => {
  const asked: unknown[] = [];
  client.answers['elicitation/create'] = (given) => {
    asked.push(given);
    return { action: 'accept' };
  };
  const first = await call('visit');
  const url = { mode: 'url', message: 'Go', url: 'https://example.com/', elicitationId: 'e' };
  if (clientEra === 'legacy') {
    expect(first.error).toMatchObject({ code: -32042, data: { elicitations: [url] } });
    expect((await call('visit')).result.content[0].text).toBe('visited');
    return;
  }
  expect(asked).toEqual([url]);
  expect(first.result.content[0].text).toBe('visited');
};

const ERAS = ['legacy', 'modern'] as const;
const TRANSPORTS = ['stdio', 'http'] as const;
const COMPANY = ['alone', 'beside another'] as const;

for (const company of COMPANY)
  for (const clientEra of ERAS)
    for (const clientTransport of TRANSPORTS)
      for (const era of ERAS)
        for (const transport of TRANSPORTS)
          describe(`a ${clientEra} client over ${clientTransport} at a ${era} server over ${transport}, ${company}`, () => {
            const begin = async (): Promise<[AnyClient, At]> => {
              const others = company === 'alone' ? [] : [rawServer('t')];
              const server = await SERVERS[era][transport]();
              const client = await connect(clientEra, clientTransport, [server, ...others]);
              const tool = (name: string) => (company === 'alone' ? name : `s_${name}`);
              const uri = (text: string) =>
                company === 'alone' ? text : text.replace('://', '://s/');
              const call = (name: string, args: object = {}, _meta?: object) =>
                client.request('tools/call', {
                  name: tool(name),
                  arguments: args,
                  ...(_meta && { _meta }),
                });
              return [client, { era, call, tool, uri }];
            };
            test.each(Object.entries(CELLS))('%s', async (_name, cell) => cell(...(await begin())));
            if (era === 'legacy')
              test('URLs to visit first', async () => {
                const [client, at] = await begin();
                await URL_FIRST(client, clientEra, at);
              });
          });
