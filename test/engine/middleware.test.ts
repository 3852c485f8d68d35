import { expect, test } from 'vitest';
import { type Middleware, type MiddlewareContext, RpcFailure } from '../../src/engine/index.ts';
import { rawServer, serveOnStdio, until } from '../helpers/engine.ts';
import { HttpClient, serveOnHttp } from '../helpers/served.ts';

/** A layer that writes down every hook it is called in. */
function recording(name: string, seen: string[]): Middleware {
  const note =
    (hook: string) =>
    async (context: MiddlewareContext, next: () => Promise<Record<string, unknown>>) => {
      seen.push(`${name}.${hook} ${context.method}`);
      return next();
    };
  const hooks = [
    'onMessage',
    'onRequest',
    'onNotification',
    'onInitialize',
    'onCallTool',
    'onReadResource',
    'onGetPrompt',
    'onListTools',
    'onListResources',
    'onListResourceTemplates',
    'onListPrompts',
  ];
  return Object.fromEntries(hooks.map((hook) => [hook, note(hook)]));
}

test('hooks run from the general to the particular, layers from the first to the last', async () => {
  const seen: string[] = [];
  const { client } = serveOnStdio([rawServer('one')], {
    middleware: [recording('a', seen), recording('b', seen)],
  });
  await client.initialize();
  expect(seen.slice(0, 6)).toEqual(
    ['a', 'b'].flatMap((layer) =>
      ['onMessage', 'onRequest', 'onInitialize'].map((hook) => `${layer}.${hook} initialize`),
    ),
  );
  for (const [method, params] of [
    ['tools/call', { name: 'echo', arguments: { text: 'x' } }],
    ['resources/read', { uri: 'memo://one' }],
    ['prompts/get', { name: 'first' }],
    ['tools/list', {}],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['prompts/list', {}],
  ] as const) {
    await client.request(method, params);
  }
  const particular = seen.filter(
    (line) => line.startsWith('a.') && !/on(Message|Request|Notification|Initialize)/.test(line),
  );
  expect(particular).toEqual([
    'a.onCallTool tools/call',
    'a.onReadResource resources/read',
    'a.onGetPrompt prompts/get',
    'a.onListTools tools/list',
    'a.onListResources resources/list',
    'a.onListResourceTemplates resources/templates/list',
    'a.onListPrompts prompts/list',
  ]);
  expect(seen).toContain('b.onNotification notifications/initialized');
});

test('a hook changes parameters and results, answers by itself, and refuses', async () => {
  const middleware: Middleware[] = [
    {
      async onCallTool({ params, client }, next) {
        if (params.name === 'one_local')
          return { content: [{ type: 'text', text: String(client?.name) }] };
        if (params.name === 'one_die') throw new RpcFailure(-32602, 'not today', { why: 'sunday' });
        const result = await next({ ...params, arguments: { text: 'changed' } });
        return { ...result, extra: true };
      },
    },
  ];
  const { client } = serveOnStdio([rawServer('one'), rawServer('two')], { middleware });
  await client.initialize();
  const call = (name: string) =>
    client.request('tools/call', { name, arguments: { text: 'mine' } });
  expect((await call('two_echo')).result).toMatchObject({
    extra: true,
    content: [{ text: 'changed' }],
  });
  expect((await call('one_local')).result.content[0].text).toBe('test');
  expect((await call('one_die')).error).toEqual({
    code: -32602,
    message: 'not today',
    data: { why: 'sunday' },
  });
  expect((await call('two_nope')).error?.message).toBe('Unknown tool: nope');
});

test('a layer changes what servers are told at the opening', async () => {
  const middleware: Middleware[] = [
    {
      onInitialize: ({ params }, next) =>
        next({ ...params, capabilities: { elicitation: {} }, clientInfo: { name: 'other' } }),
    },
  ];
  const clients: unknown[] = [];
  middleware.push({
    async onCallTool({ client }, next) {
      clients.push(client);
      return next();
    },
  });
  const { client } = serveOnStdio([rawServer('one')], { middleware });
  await client.initialize({ capabilities: { roots: {} } });
  expect(JSON.parse(await client.call('opening'))).toMatchObject({
    capabilities: { elicitation: {} },
    clientInfo: { name: 'other' },
  });
  expect(clients).toEqual([{ name: 'other' }]);
});

test('no layer waits for ever for a request that the client cancels', async () => {
  const failures: unknown[] = [];
  const gates: (() => void)[] = [];
  const middleware: Middleware[] = [
    {
      async onCallTool({ params }, next) {
        if (params.name === 'echo') await new Promise<void>((resolve) => gates.push(resolve));
        return next().catch((error: unknown) => {
          failures.push(error);
          throw error;
        });
      },
    },
  ];
  const { client, home } = serveOnStdio([rawServer('one')], { middleware });
  await client.initialize();
  for (const name of ['hang', 'echo']) {
    client.send({ id: name, method: 'tools/call', params: { name, arguments: {} } });
    client.send({ method: 'notifications/cancelled', params: { requestId: name } });
  }
  await until(() => failures.length === 1 && gates.length === 1);
  await until(() => home.stderr().includes('cancelled'));
  for (const open of gates) open();
  await until(() => failures.length === 2);
  expect(failures.map(String)).toEqual(
    Array(2).fill('RpcFailure: the client cancelled the request'),
  );
  expect(client.received.filter(({ id }) => id === 'hang' || id === 'echo')).toEqual([]);
});

test('a gateway without layers pays for them with one look at how many there are, and passes bytes as they are', async () => {
  const looks: unknown[] = [];
  const none = new Proxy<Middleware[]>([], {
    get: (target, key, self) => {
      looks.push(key);
      return Reflect.get(target, key, self);
    },
  });
  const { url } = await serveOnHttp([rawServer('one'), rawServer('two')], { middleware: none });
  const far = new HttpClient(url);
  await far.initialize();
  looks.length = 0;
  await far.call('one_echo', { text: 'x' });
  expect(looks).toEqual(['length']);
  const { client } = serveOnStdio([rawServer('one')], { middleware: none });
  await client.initialize();
  await client.request('ping', {}, 'strange "id" é');
  expect(client.lines.at(-1)).toBe('{"jsonrpc":"2.0","id":"strange \\"id\\" é","result":{}}');
  expect(new Set(looks)).toEqual(new Set(['length']));
});
