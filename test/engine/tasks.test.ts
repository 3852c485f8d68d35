import { describe, expect, test } from 'vitest';
import {
  exposeRelated,
  exposeToolResult,
  resolveRelated,
  resolveTaskId,
} from '../../src/engine/router/tasks.ts';
import { ENVELOPE } from '../helpers/any-client.ts';
import { rawServer, serveOnStdio, until, type Wire } from '../helpers/engine.ts';
import { startModern } from '../helpers/fake-servers.ts';
import { HttpClient, messagesOf, serveOnHttp } from '../helpers/served.ts';

const RELATED = 'io.modelcontextprotocol/related-task';
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const related = (taskId: string) => ({ [RELATED]: { taskId } });

test('a task is named after its server wherever its id stands, and found by that name', () => {
  expect(
    exposeToolResult('one', {
      task: { taskId: 't', status: 'working' },
      _meta: { ...related('t'), x: 1 },
    }),
  ).toEqual({
    task: { taskId: 'one:t', status: 'working' },
    _meta: { ...related('one:t'), x: 1 },
  });
  expect(resolveTaskId('one:a:b', (name) => name === 'one')).toEqual({
    server: 'one',
    taskId: 'a:b',
  });
  for (const id of ['two:a', 'one', '', 7])
    expect(resolveTaskId(id, (name) => name === 'one')).toBeUndefined();
  const asked = exposeRelated('one', { message: '?', _meta: related('t') });
  expect(asked).toEqual({ message: '?', _meta: related('one:t') });
  expect(resolveRelated('one', { _meta: related('one:t') })).toEqual({ _meta: related('t') });
  expect(resolveRelated('one', { _meta: related('two:t') })).toEqual({ _meta: related('two:t') });
});

test('tasks of several servers are listed together, page by page, and each is asked of its own', async () => {
  const { client } = serveOnStdio([rawServer('one', '--tasks'), rawServer('two', '--tasks')]);
  await client.initialize();
  const made = await client.request('tools/call', {
    name: 'two_echo',
    arguments: { text: 'x' },
    task: { ttl: 1000 },
  });
  expect(made.result.task.taskId).toBe('two:task-of-two');
  const ids = ({ result }: Wire) => result.tasks.map(({ taskId }: { taskId: string }) => taskId);
  const first = await client.request('tasks/list');
  expect(ids(first)).toEqual(['one:task-of-one', 'two:task-of-two']);
  const second = await client.request('tasks/list', { cursor: first.result.nextCursor });
  expect(ids(second)).toEqual(['one:second-of-one', 'two:second-of-two']);
  expect(second.result).not.toHaveProperty('nextCursor');
  const got = await client.request('tasks/get', { taskId: 'two:task-of-two' });
  expect(got.result).toEqual({ taskId: 'two:task-of-two', status: 'working' });
  expect((await client.request('tasks/get', { taskId: 'three:x' })).error?.code).toBe(-32602);
});

test("a task's progress, status and questions go to the session that asked for it, and to no other", async () => {
  const { url } = await serveOnHttp([rawServer('one', '--tasks'), rawServer('two')]);
  const [ours, theirs] = [new HttpClient(url), new HttpClient(url)];
  const answered: Record<string, unknown>[] = [];
  for (const client of [ours, theirs]) {
    client.answers['elicitation/create'] = (params: Record<string, unknown>) => {
      answered.push(params);
      const mine = client === ours ? 'ours' : 'theirs';
      return { action: 'accept', content: { mine }, _meta: params['_meta'] };
    };
    await client.initialize({ capabilities: { elicitation: {} } });
    await client.listen();
  }
  const made = await ours.request('tools/call', {
    name: 'one_echo',
    arguments: {},
    task: {},
    _meta: { progressToken: 'mine' },
  });
  expect(made.result.task.taskId).toBe('one:task-of-one');
  // The other session makes the server speak, outside of any call of ours.
  await theirs.request('tools/call', {
    name: 'one_progressOf',
    arguments: { taskId: 'task-of-one' },
  });
  await until(() => ours.received.length === 2);
  expect(ours.received.map(({ method, params }) => [method, params])).toEqual([
    [
      'notifications/progress',
      { progressToken: 'mine', progress: 7, _meta: related('one:task-of-one') },
    ],
    ['notifications/tasks/status', { taskId: 'one:task-of-one', status: 'working' }],
  ]);
  expect(theirs.received).toEqual([]);
  const { result } = await theirs.request('tools/call', {
    name: 'one_related',
    arguments: { taskId: 'task-of-one' },
  });
  expect(JSON.parse(result.content[0].text)).toEqual({
    action: 'accept',
    content: { mine: 'ours' },
    _meta: related('task-of-one'),
  });
  expect(answered).toEqual([{ message: '?', _meta: related('one:task-of-one') }]);
});

test.each([
  ['alone', [rawServer('one', '--tasks')], ''],
  ['in a profile', [rawServer('one', '--tasks'), rawServer('two')], 'one:'],
] as const)(
  'a task is seen, asked for and cancelled by its own session alone, of a server %s',
  async (_, servers, prefix) => {
    const { url } = await serveOnHttp([...servers]);
    const [ours, theirs] = [new HttpClient(url), new HttpClient(url)];
    await ours.initialize();
    await theirs.initialize();
    const name = `${prefix.replace(':', '_')}echo`;
    const made = await ours.request('tools/call', { name, arguments: {}, task: {} });
    const { taskId } = made.result.task;
    const listed = async (client: HttpClient) =>
      (await client.request('tasks/list')).result.tasks.map(
        (task: { taskId: string }) => task.taskId,
      );
    expect(await listed(ours)).toEqual([taskId]);
    expect(await listed(theirs)).toEqual([]);
    expect((await ours.request('tasks/get', { taskId })).result.status).toBe('working');
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      expect((await theirs.request(method, { taskId })).error).toEqual({
        code: -32602,
        message: 'Task not found',
      });
    }
    // A client that has lost its session finds its tasks again in the next one.
    const headers = { 'mcp-session-id': ours.session ?? '' };
    expect((await fetch(url, { method: 'DELETE', headers })).ok).toBe(true);
    expect(await listed(theirs)).toEqual([taskId]);
  },
);

describe('the extension for tasks', () => {
  const envelope = {
    ...ENVELOPE,
    'io.modelcontextprotocol/clientCapabilities': TASKS,
  };
  const post = async (url: string, method: string, params: object, name?: string) => {
    const client = new HttpClient(url);
    const response = await client.post(
      { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope } },
      {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(name !== undefined && { 'mcp-name': name }),
      },
    );
    return (await messagesOf(response)).at(-1) as Wire;
  };

  test('names a task, and what it led to, after its server; the header names it as each side knows it', async () => {
    const { url } = await serveOnHttp([
      await startModern('new', '--tasks'),
      await startModern('other'),
    ]);
    const made = await post(url, 'tools/call', { name: 'new_job', arguments: {} }, 'new_job');
    const taskId = 'new:task-of-new';
    expect(made.result).toMatchObject({ resultType: 'task', taskId });
    const got = await post(url, 'tasks/get', { taskId }, taskId);
    expect(got.result).toMatchObject({
      taskId,
      asked: 'task-of-new',
      result: { content: [{ type: 'resource_link', uri: 'memo://new/one' }] },
    });
    expect((await post(url, 'tasks/get', { taskId })).error?.code).toBe(-32020);
    expect((await post(url, 'tasks/get', { taskId }, 'task-of-new')).error?.code).toBe(-32020);
  });

  test('tells a client that listens to a task when it is done', async () => {
    const { client } = serveOnStdio([
      await startModern('new', '--tasks'),
      await startModern('other'),
    ]);
    const send = (id: string, method: string, params: object) =>
      client.send({ id, method, params: { ...params, _meta: envelope } });
    const taskIds = ['new:task-of-new', 'other:task-of-other', 'nobody:x'];
    send('l', 'subscriptions/listen', { notifications: { taskIds } });
    const begun = await client.next(({ method }) => method !== undefined);
    expect(begun.params.notifications).toEqual({ taskIds: ['new:task-of-new'] });
    send('c', 'tools/call', { name: 'new_finish', arguments: {} });
    const told = await client.next(({ method }) => method === 'notifications/tasks');
    expect(told.params).toMatchObject({
      taskId: 'new:task-of-new',
      result: { content: [{ uri: 'memo://new/one' }] },
      _meta: { 'io.modelcontextprotocol/subscriptionId': 'l' },
    });
  });
});
