import { expect, test } from 'vitest';
import { exposeTasks, resolveTaskId } from '../../src/engine/router/tasks.ts';
import { rawServer, serveOnStdio } from '../helpers/engine.ts';

const isServer = (name: string) => name === 'one';

test('a task is named after its server wherever its id stands, and found by that name', () => {
  const related = { 'io.modelcontextprotocol/related-task': { taskId: 't' } };
  expect(
    exposeTasks('one', { task: { taskId: 't', status: 'working' }, _meta: { ...related, x: 1 } }),
  ).toEqual({
    task: { taskId: 'one:t', status: 'working' },
    _meta: { 'io.modelcontextprotocol/related-task': { taskId: 'one:t' }, x: 1 },
  });
  expect(exposeTasks('one', { tasks: [{ taskId: 'a:b' }] })).toEqual({
    tasks: [{ taskId: 'one:a:b' }],
  });
  expect(resolveTaskId('one:a:b', isServer)).toEqual({ server: 'one', taskId: 'a:b' });
  for (const id of ['two:a', 'one', '', 7]) expect(resolveTaskId(id, isServer)).toBeUndefined();
});

test('tasks of several servers are listed together, and each is asked of its own', async () => {
  const { client } = serveOnStdio([rawServer('one', '--tasks'), rawServer('two', '--tasks')]);
  await client.initialize();
  const made = await client.request('tools/call', {
    name: 'two_echo',
    arguments: { text: 'x' },
    task: { ttl: 1000 },
  });
  expect(made.result.task.taskId).toBe('two:task-of-two');
  const { result } = await client.request('tasks/list');
  expect(result.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual([
    'one:task-of-one',
    'two:task-of-two',
  ]);
  const got = await client.request('tasks/get', { taskId: 'two:task-of-two' });
  expect(got.result).toEqual({ taskId: 'two:task-of-two', status: 'working' });
  expect((await client.request('tasks/get', { taskId: 'three:x' })).error?.code).toBe(-32602);
});
