/**
 * The matrix of eras: an old or new client, over stdio or HTTP, at an old or new server, over stdio or HTTP; every capability in every cell.
 * There is no cell that the specification makes impossible: where one era lacks a mechanism, the other's is translated.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Server } from '../../src/config/types.ts';
import { type AnyClient, connect, type Era, type Transport } from '../helpers/any-client.ts';
import { until } from '../helpers/engine.ts';

const PROGRAMS: Record<Era, string> = {
  legacy: fileURLToPath(new URL('../fixtures/servers/raw.mjs', import.meta.url)),
  modern: fileURLToPath(new URL('../fixtures/servers/modern.mjs', import.meta.url)),
};

async function serverOf(era: Era, transport: Transport): Promise<Server> {
  const args = [PROGRAMS[era], '--name', 's'];
  const common = { name: 's', profile_tags: [] };
  if (transport === 'stdio') return { ...common, command: process.execPath, args, env: {} };
  const child = spawn(process.execPath, [...args, '--http'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const [url] = await once(createInterface(child.stdout), 'line');
  return { ...common, url, headers: {} };
}

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

type Cell = (
  client: AnyClient,
  server: { readonly era: Era; readonly transport: Transport },
) => Promise<void>;

const CELLS: Record<string, Cell> = {
  'plain call': async (client, { era }) => {
    const { result } = await client.request('tools/call', {
      name: 'echo',
      arguments: { text: 'hé' },
    });
    expect(result.content).toEqual([{ type: 'text', text: 'hé' }]);
    if (era === 'modern')
      expect(result).toMatchObject({ structuredContent: { said: 'hé' }, _meta: { 'vendor/x': 1 } });
    const { result: list } = await client.request('tools/list');
    expect(list.tools[0]).toMatchObject({ name: 'echo', 'x-vendor': 1 });
  },
  progress: async (client) => {
    await client.request('tools/call', {
      name: 'progress',
      arguments: { steps: 2 },
      _meta: { progressToken: 'p' },
    });
    expect(
      notices(client, 'notifications/progress').map(({ params }) => [
        params.progressToken,
        params.progress,
      ]),
    ).toEqual([
      ['p', 1],
      ['p', 2],
    ]);
  },
  cancellation: async (client, { transport }) => {
    await client.request('tools/list');
    const cancel = await client.begin('tools/call', { name: 'hang', arguments: {} });
    await new Promise((resolve) => setTimeout(resolve, 100));
    cancel();
    if (transport === 'stdio') await until(() => client.home.stderr().includes('cancelled'));
    expect(
      (await client.request('tools/call', { name: 'echo', arguments: { text: 'on' } })).result,
    ).toBeDefined();
    expect(client.notices.some(({ id }) => id === 'begun')).toBe(false);
  },
  ...Object.fromEntries(
    Object.entries(ASKS).map(([name, [method, params, answer]]): [string, Cell] => [
      name,
      async (client, { era }) => {
        const asked: unknown[] = [];
        client.answers[method] = (given) => {
          asked.push(given);
          return answer;
        };
        const { result, error } = await client.request('tools/call', {
          name: 'ask',
          arguments: { method, params },
        });
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
  'subscribe and updated': async (client) => {
    await client.listen('memo://one');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.request('tools/call', { name: 'touch', arguments: { uri: 'memo://two' } });
    await client.request('tools/call', { name: 'touch', arguments: { uri: 'memo://one' } });
    await until(() => notices(client, 'notifications/resources/updated').length > 0);
    const [first] = notices(client, 'notifications/resources/updated');
    expect(first?.params.uri).toBe('memo://one');
  },
  'list changed': async (client) => {
    await client.listen('memo://one');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.request('tools/call', { name: 'extend', arguments: {} });
    await until(() => notices(client, 'notifications/tools/list_changed').length > 0);
    const { result } = await client.request('tools/list');
    expect(result.tools.map(({ name }: { name: string }) => name)).toContain('extra');
  },
  logging: async (client) => {
    await client.setLevel('warning');
    await client.request('tools/call', {
      name: 'log',
      arguments: { level: 'error', data: 'loud' },
    });
    await until(() => notices(client, 'notifications/message').length > 0);
    expect(notices(client, 'notifications/message')[0]?.params).toMatchObject({
      level: 'error',
      data: 'loud',
    });
  },
};

const ERAS = ['legacy', 'modern'] as const;
const TRANSPORTS = ['stdio', 'http'] as const;

for (const clientEra of ERAS)
  for (const clientTransport of TRANSPORTS)
    for (const era of ERAS)
      for (const transport of TRANSPORTS)
        describe(`a ${clientEra} client over ${clientTransport} at a ${era} server over ${transport}`, () => {
          test.each(Object.entries(CELLS))('%s', async (_name, cell) => {
            const client = await connect(clientEra, clientTransport, [
              await serverOf(era, transport),
            ]);
            await cell(client, { era, transport });
          });
        });
