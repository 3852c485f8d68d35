import { expect, test } from 'vitest';
import { type Middleware, type MiddlewareContext, RpcFailure } from '../../src/engine/index.ts';
import { rawServer, serveOnStdio } from '../helpers/engine.ts';

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
