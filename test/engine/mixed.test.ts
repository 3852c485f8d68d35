import { describe, expect, test } from 'vitest';
import { createGateway } from '../../src/engine/index.ts';
import { connect, ENVELOPE } from '../helpers/any-client.ts';
import { rawServer, until } from '../helpers/engine.ts';
import { modernServer, startModern } from '../helpers/fake-servers.ts';

describe.each(['legacy', 'modern'] as const)(
  'a %s client at an old and a new server joined',
  (era) => {
    const join = () => connect(era, 'http', [rawServer('old'), modernServer('new')]);

    test('sees the tools of both and calls each', async () => {
      const client = await join();
      const { result } = await client.request('tools/list');
      const names = result.tools.map(({ name }: { name: string }) => name);
      expect(names).toEqual(expect.arrayContaining(['old_echo', 'new_echo']));
      if (era === 'modern')
        expect(result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
      else expect(result).not.toHaveProperty('resultType');
      for (const name of ['old_echo', 'new_echo']) {
        const answer = await client.request('tools/call', { name, arguments: { text: name } });
        expect(answer.result.content[0].text).toBe(name);
      }
    });

    test('is asked by each', async () => {
      const client = await join();
      client.answers['elicitation/create'] = () => ({ action: 'decline' });
      for (const name of ['old_ask', 'new_ask']) {
        const params = { method: 'elicitation/create', params: { message: '?' } };
        const { result } = await client.request('tools/call', { name, arguments: params });
        expect(result.content[0].text).toBe('{"action":"decline"}');
      }
    });

    test('hears of the resource of each that it listens to, and of changes', async () => {
      const client = await join();
      await client.request('tools/list');
      await client.listen('memo://new/one');
      await client.request('tools/call', { name: 'new_touch', arguments: { uri: 'memo://one' } });
      await client.request('tools/call', { name: 'old_extend', arguments: {} });
      await until(() =>
        client.notices.some(({ method }) => method === 'notifications/tools/list_changed'),
      );
      await until(() => client.notices.some(({ params }) => params?.uri === 'memo://new/one'));
    });

    test('reads resources and gets prompts of each under their joined names', async () => {
      const client = await join();
      for (const [uri, text] of [
        ['memo://old/one', 'content of memo://one'],
        ['memo://new/one', 'content of memo://one'],
      ]) {
        const { result } = await client.request('resources/read', { uri });
        expect(result.contents).toEqual([{ uri, text }]);
        if (era === 'modern') expect(result).toMatchObject({ resultType: 'complete' });
      }
      expect(
        (await client.request('prompts/get', { name: 'new_first' })).result.messages,
      ).toHaveLength(1);
      const missing = await client.request('resources/read', { uri: 'nowhere://x' });
      expect(missing.error?.code).toBe(era === 'modern' ? -32602 : -32002);
    });

    test('completes arguments of prompts and templates of each', async () => {
      const client = await join();
      const complete = async (ref: object) => {
        const argument = { name: 'name', value: 'x' };
        const { result } = await client.request('completion/complete', { ref, argument });
        return result.completion.values;
      };
      expect(await complete({ type: 'ref/prompt', name: 'old_first' })).toEqual(['first:x']);
      expect(await complete({ type: 'ref/prompt', name: 'new_first' })).toEqual(['first:x']);
      for (const server of ['old', 'new'])
        expect(await complete({ type: 'ref/resource', uri: `file://${server}//n/{name}` })).toEqual(
          ['file:///n/{name}:x'],
        );
    });

    test('is made known to each: its name and what it can do', async () => {
      const client = await join();
      const text = async (name: string) => {
        const { result } = await client.request('tools/call', { name, arguments: {} });
        return JSON.parse(result.content[0].text);
      };
      const capabilities = ENVELOPE['io.modelcontextprotocol/clientCapabilities'];
      const clientInfo = { name: 'test', version: '1' };
      expect(await text('old_opening')).toMatchObject({ capabilities, clientInfo });
      expect(await text('new_meta')).toMatchObject({
        'io.modelcontextprotocol/clientCapabilities': capabilities,
        'io.modelcontextprotocol/clientInfo': clientInfo,
      });
    });
  },
);

test('discovery of joined servers tells what they can do together', async () => {
  const client = await connect('modern', 'stdio', [rawServer('old'), modernServer('new')]);
  const { result } = await client.request('server/discover');
  expect(result).toMatchObject({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
    instructions: '# old\n\nUse old well.\n\n# new\n\nUse new well.',
  });
});

test('a joined list keeps what servers say besides its items, and passes on the trace context', async () => {
  const client = await connect('modern', 'http', [modernServer('a'), modernServer('b')]);
  const { result } = await client.request('tools/list', { _meta: { traceparent: '00-1-2-03' } });
  expect(result).toMatchObject({
    'x-listed': 'a',
    ttlMs: 1000,
    cacheScope: 'public',
    _meta: {
      'vendor/trace': '00-1-2-03',
      'io.modelcontextprotocol/serverInfo': { name: 'test' },
    },
  });
  const call = { name: 'b_meta', arguments: {}, _meta: { traceparent: '00-1-2-04' } };
  const { result: called } = await client.request('tools/call', call);
  expect(JSON.parse(called.content[0].text)).toMatchObject({ traceparent: '00-1-2-04' });
});

test('clients that come while the era of a server is being found out share its one process', async () => {
  const client = await connect('modern', 'http', [rawServer('one', '--slow-start')]);
  const pid = async () =>
    (await client.request('tools/call', { name: 'pid', arguments: {} })).result.content[0].text;
  const first = pid();
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await pid()).toBe(await first);
});

test('a server that never has enough input ends in an error that names it', async () => {
  const client = await connect('legacy', 'stdio', [modernServer('new')]);
  client.answers['roots/list'] = () => ({ roots: [] });
  const { error } = await client.request('tools/call', {
    name: 'insist',
    arguments: { method: 'roots/list' },
  });
  expect(error?.message).toBe('server "new" asked for input 32 times and still has no answer');
});

test('the headers that mirror a request name its tool as each side knows it', async () => {
  const client = await connect('modern', 'http', [await startModern('new'), rawServer('old')]);
  const { result } = await client.request('tools/call', { name: 'new_headers', arguments: {} });
  expect(JSON.parse(result.content[0].text)).toMatchObject({
    'mcp-method': 'tools/call',
    'mcp-name': 'headers',
    'mcp-protocol-version': '2026-07-28',
  });
});

test('a client whose roots changed tells every server of the old era', async () => {
  const client = await connect('legacy', 'stdio', [rawServer('one'), rawServer('two')]);
  await client.tell('notifications/roots/list_changed', {});
  for (const name of ['one_heard', 'two_heard']) {
    const { result } = await client.request('tools/call', { name, arguments: {} });
    expect(JSON.parse(result.content[0].text)).toMatchObject([
      { method: 'notifications/roots/list_changed' },
    ]);
  }
});

test('two servers of one name are refused', () => {
  const servers = [rawServer('one'), rawServer('two'), rawServer('one')];
  expect(() => createGateway({ servers, name: 'x' })).toThrow('two servers are called "one"');
});

test('large results and large questions are translated between the eras like small ones', async () => {
  const modern = await connect('modern', 'stdio', [rawServer('old')]);
  const call = { name: 'big', arguments: { bytes: 1_000_000 } };
  const { result } = await modern.request('tools/call', call);
  expect(result).toMatchObject({
    resultType: 'complete',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'old' } },
  });
  expect(result.content[0].text).toHaveLength(1_000_000);
  const legacy = await connect('legacy', 'stdio', [modernServer('new')]);
  const asked: number[] = [];
  legacy.answers['elicitation/create'] = ({ message }) => {
    asked.push(message.length);
    return { action: 'decline' };
  };
  const params = { method: 'elicitation/create', params: { message: 'x'.repeat(1_000_000) } };
  const answer = await legacy.request('tools/call', { name: 'ask', arguments: params });
  expect(answer.result.content[0].text).toBe('{"action":"decline"}');
  expect(asked).toEqual([1_000_000]);
});

test('a server of both eras that starts more slowly than it may be probed is spoken with in the era it keeps to', async () => {
  const client = await connect('modern', 'stdio', [modernServer('both', '--slow-start')], {
    probeTimeoutMs: 100,
  });
  const call = { name: 'echo', arguments: { text: 'x' } };
  expect((await client.request('tools/call', call)).result.content[0].text).toBe('x');
  expect((await client.request('tools/list')).result.resultType).toBe('complete');
});

test.each(['one', 'several'])(
  'a server of the old era logs what requests of the new one ask for, at %s',
  async (how) => {
    const servers = [rawServer('old', '--quiet'), ...(how === 'one' ? [] : [rawServer('other')])];
    const client = await connect('modern', 'http', servers);
    const log = (level: string, data: string) =>
      client.request('tools/call', {
        name: how === 'one' ? 'log' : 'old_log',
        arguments: { level, data },
      });
    await log('error', 'unasked');
    await client.setLevel('error');
    await log('error', 'loud');
    await log('info', 'quiet');
    await client.setLevel('info');
    await log('info', 'heard');
    await client.setLevel('error');
    await log('info', 'quiet again');
    const logged = client.notices.filter(({ method }) => method === 'notifications/message');
    expect(logged.map(({ params }) => params.data)).toEqual(['loud', 'heard']);
  },
);
