import { expect, test } from 'vitest';
import { rawServer, serveOnStdio, until, type Wire } from '../helpers/engine.ts';

const two = () => [rawServer('one', '--tools', 'alpha'), rawServer('two', '--tools', 'beta')];
const names = ({ result }: Wire): string[] => result.tools.map((tool: Wire['result']) => tool.name);

test('tools of several servers are one list, prefixed, in order, with nothing of them lost', async () => {
  const { client } = serveOnStdio(two());
  const opening = await client.initialize();
  expect(opening.result).toMatchObject({
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'test' },
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
    instructions: '# one\n\nUse one well.\n\n# two\n\nUse two well.',
  });
  const list = await client.request('tools/list');
  expect(names(list)).toEqual(
    expect.arrayContaining(['one_alpha', 'one_echo', 'two_beta', 'two_echo']),
  );
  expect(names(list).findIndex((name) => name.startsWith('two_'))).toBeGreaterThan(
    names(list).lastIndexOf('one_alpha'),
  );
  expect(list.result.tools[0]).toEqual({
    name: 'one_echo',
    description: 'echo of one',
    inputSchema: { type: 'object' },
    'x-vendor': 1,
  });
  expect(await client.call('one_alpha')).toBe('one:alpha');
  expect(await client.call('two_beta')).toBe('two:beta');
  expect((await client.request('tools/call', { name: 'three_x' })).error?.message).toBe(
    'Unknown tool: three_x',
  );
});

test('resources, templates, prompts and completions carry the server in their names, inside results too', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  const { result } = await client.request('resources/list');
  expect(result.resources.map(({ uri }: { uri: string }) => uri)).toEqual([
    'file://one//notes/a.txt',
    'memo://one/one',
    'file://two//notes/a.txt',
    'memo://two/one',
  ]);
  const templates = await client.request('resources/templates/list');
  expect(templates.result.resourceTemplates[1].uriTemplate).toBe('file://two//notes/{name}');
  const read = await client.request('resources/read', { uri: 'file://two//notes/b.txt' });
  expect(read.result.contents).toEqual([
    { uri: 'file://two//notes/b.txt', text: 'content of file:///notes/b.txt' },
  ]);
  const link = await client.request('tools/call', { name: 'two_link', arguments: {} });
  expect(link.result.content[0].uri).toBe('file://two//notes/a.txt');
  expect(link.result.content[1].resource.uri).toBe('memo://two/one');
  const prompt = await client.request('prompts/get', { name: 'two_first' });
  expect(prompt.result.messages[0].content.resource).toEqual({
    uri: 'memo://two/one',
    text: 'first',
  });
  const complete = await client.request('completion/complete', {
    ref: { type: 'ref/resource', uri: 'file://two//notes/{name}' },
    argument: { name: 'name', value: 'x' },
  });
  expect(complete.result.completion.values).toEqual(['file:///notes/{name}:x']);
  const unknown = await client.request('resources/read', { uri: 'file:///etc/passwd' });
  expect(unknown.error?.code).toBe(-32002);
});

test('one cursor goes over the pages of all servers', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  const first = await client.request('prompts/list');
  expect(first.result.prompts.map(({ name }: { name: string }) => name)).toEqual([
    'one_first',
    'two_first',
  ]);
  const second = await client.request('prompts/list', { cursor: first.result.nextCursor });
  expect(second.result.prompts.map(({ name }: { name: string }) => name)).toEqual([
    'one_second',
    'two_second',
  ]);
  expect(second.result.nextCursor).toBeUndefined();
  expect((await client.request('prompts/list', { cursor: 'nonsense' })).error?.code).toBe(-32602);
});

test('progress, cancellation and questions of a server find their way through both renamings', async () => {
  const { client, home } = serveOnStdio(two());
  client.answers['elicitation/create'] = ({ message }: { message: string }) => ({
    action: 'accept',
    content: { said: message },
  });
  await client.initialize({ capabilities: { elicitation: {} } });
  await client.request('tools/call', {
    name: 'two_progress',
    arguments: { steps: 2 },
    _meta: { progressToken: 'mine' },
  });
  const progress = client.received.filter(({ method }) => method === 'notifications/progress');
  expect(progress.map(({ params }) => params)).toEqual([
    { progressToken: 'mine', progress: 1, total: 2 },
    { progressToken: 'mine', progress: 2, total: 2 },
  ]);
  const asked = await client.call('two_ask', {
    method: 'elicitation/create',
    params: { message: 'hm' },
  });
  expect(JSON.parse(asked)).toEqual({ action: 'accept', content: { said: 'hm' } });
  client.send({ id: 'x', method: 'tools/call', params: { name: 'one_hang', arguments: {} } });
  client.send({ method: 'notifications/cancelled', params: { requestId: 'x' } });
  await until(() => /\[one\] cancelled \d/.test(home.stderr()));
  expect(client.received.some(({ id }) => id === 'x')).toBe(false);
});

test('a change of one list is told once, and the list is fetched anew', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  expect(names(await client.request('tools/list'))).not.toContain('two_extra');
  await client.call('two_extend');
  await client.next(({ method }) => method === 'notifications/tools/list_changed');
  expect(names(await client.request('tools/list'))).toContain('two_extra');
});

test('logs name their server; a subscription is told of under the name it was made with', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  await client.request('logging/setLevel', { level: 'warning' });
  await client.call('two_log', { level: 'info', data: 'quiet' });
  await client.call('two_log', { level: 'error', data: 'loud' });
  const logs = client.received.filter(({ method }) => method === 'notifications/message');
  expect(logs.map(({ params }) => params)).toEqual([
    { level: 'error', logger: 'two/raw', data: 'loud' },
  ]);
  await client.request('resources/subscribe', { uri: 'memo://two/one' });
  await client.call('one_touch', { uri: 'memo://one' });
  await client.call('two_touch', { uri: 'memo://one' });
  const updated = client.received.filter(
    ({ method }) => method === 'notifications/resources/updated',
  );
  expect(updated.map(({ params }) => params.uri)).toEqual(['memo://two/one']);
});

test('a server that exits at once or hangs does not hold the others', async () => {
  const servers = [rawServer('bad', '--exit'), rawServer('good'), rawServer('stuck', '--hang')];
  const { client, home } = serveOnStdio(servers, { settings: { startTimeoutMs: 400 } });
  await client.initialize();
  expect(names(await client.request('tools/list')).every((name) => name.startsWith('good_'))).toBe(
    true,
  );
  expect(await client.call('good_echo', { text: 'fine' })).toBe('fine');
  expect(home.stderr()).toContain('server "stuck" is not up after 400 ms');
  expect(home.stderr()).toContain(
    'starting it again in 250 ms. Its last lines:\n  cannot go on: no disk',
  );
  const { error } = await client.request('tools/call', { name: 'bad_echo', arguments: {} });
  expect(error?.message).toMatch(/^server "bad"/);
});

test('a server that hangs at its start is waited for once, not with every list', async () => {
  const servers = [rawServer('good'), rawServer('stuck', '--hang')];
  const { client } = serveOnStdio(servers, { settings: { startTimeoutMs: 1_000 } });
  await client.initialize();
  const began = performance.now();
  for (let round = 0; round < 3; round++) {
    await client.request('tools/list');
    await client.request('prompts/list');
  }
  expect(performance.now() - began).toBeLessThan(900);
});

test('a server that dies in a call fails that call by name; the others go on and it comes back', async () => {
  const { client } = serveOnStdio(two(), { settings: { restartDelayMs: 10 } });
  await client.initialize();
  const slow = client.call('one_slow', { ms: 100 });
  const { error } = await client.request('tools/call', { name: 'two_die', arguments: {} });
  expect(error).toMatchObject({
    message: 'server "two" exited with code 1',
    data: { server: 'two' },
  });
  expect(await slow).toBe('done');
  expect(await client.call('two_echo', { text: 'back' })).toBe('back');
});

test('a profile whose servers all fail says so and stays', async () => {
  const { client } = serveOnStdio([rawServer('a', '--exit'), rawServer('b', '--exit')], {
    settings: { maxRestarts: 0 },
  });
  const answer = await client.initialize();
  expect(answer.error?.message).toMatch(/server "a" exited with code 3/);
});

test('two servers that ask with the same progress token each hear of their own question alone', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize({ capabilities: { roots: {} } });
  const calls = ['one_watch', 'two_watch'].map((name) => client.call(name, { token: 'same' }));
  const asks = () => client.received.filter(({ method }) => method === 'roots/list');
  await until(() => asks().length === 2);
  const tokens = asks().map(({ params }) => params._meta.progressToken);
  expect(new Set(tokens).size).toBe(2);
  for (const [index, progressToken] of tokens.entries())
    client.send({ method: 'notifications/progress', params: { progressToken, progress: index } });
  for (const { id } of asks()) client.send({ id, result: { roots: [] } });
  await Promise.all(calls);
  const heard = await Promise.all(
    ['one_heard', 'two_heard'].map(async (name) => JSON.parse(await client.call(name))),
  );
  for (const notices of heard) {
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      method: 'notifications/progress',
      params: { progressToken: 'same' },
    });
  }
  expect(heard.map(([notice]) => notice.params.progress).sort()).toEqual([0, 1]);
});

test('a question that a server takes back under an id that a request has as well ends the question alone', async () => {
  const { client } = serveOnStdio([rawServer('one', '--slow-list'), rawServer('two')]);
  await client.initialize({ capabilities: { roots: {} } });
  const listing = client.request('tools/list');
  const hanging = client.call('one_slow', { ms: 300 });
  expect(await client.call('one_takeBack')).toBe('taken back');
  await client.next(({ method }) => method === 'notifications/cancelled');
  expect(names(await listing)).toContain('one_echo');
  expect(await hanging).toBe('done');
});

test('what is written in a way of its own passes as it is but for the names, both ways', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  const args = '"arguments":{"exact":12345678901234567890,"float":1.0,"text":"\\u00e9"}';
  const line = (id: number, name: string) =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}",${args}}}`;
  client.sendRaw(line(70, 'two_verbatim'));
  const { result } = await client.next(({ id }) => id === 70);
  expect(result.content[0].text).toBe(line(70, 'verbatim'));
  expect(client.lines.find((one) => one.includes('"id":70'))).toContain(
    '"exact":12345678901234567890',
  );
});

test('two requests of one id, and ids of every kind, get their own answers from one server', async () => {
  const { client } = serveOnStdio(two());
  await client.initialize();
  const ids = ['70', 70, 0, -1, 2 ** 53 - 1, 999_999_999, 1_000_000_000, 71, 'text', 69];
  const answers = await Promise.all(
    ids.map((id) =>
      client.request('tools/call', { name: 'one_echo', arguments: { text: `for ${id}` } }, id),
    ),
  );
  expect(answers.map(({ result }) => result.content[0].text)).toEqual(ids.map((id) => `for ${id}`));
});
