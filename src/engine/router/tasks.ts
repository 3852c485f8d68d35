/** Task ids of several servers as one space: `SERVER:id` (revision 2025-11-25, and the extension of the new era). */
import { META, metaOf, withMeta } from '../eras/era.ts';
import { isObject, type Json } from '../json-rpc.ts';

/** An object that has a `taskId`, named for clients; anything else as it is. */
export function exposeTaskId(server: string, holder: Json): Json {
  const { taskId } = holder;
  return typeof taskId === 'string' ? { ...holder, taskId: `${server}:${taskId}` } : holder;
}

/** Whose task an id names. */
export function resolveTaskId(id: unknown, isServer: (name: string) => boolean) {
  if (typeof id !== 'string') return undefined;
  const at = id.indexOf(':');
  const server = id.slice(0, at);
  return at > 0 && isServer(server) ? { server, taskId: id.slice(at + 1) } : undefined;
}

/** A result with the tasks in it named for clients: itself, a new task, a list of them, and what it says it is related to. */
export function exposeTasks(server: string, result: Json): Json {
  const { task, tasks } = result;
  let mapped = exposeTaskId(server, result);
  if (isObject(task)) mapped = { ...mapped, task: exposeTaskId(server, task) };
  if (Array.isArray(tasks)) {
    const all = tasks.map((one: unknown) => (isObject(one) ? exposeTaskId(server, one) : one));
    mapped = { ...mapped, tasks: all };
  }
  const related = metaOf(mapped)?.[META.relatedTask];
  if (!isObject(related)) return mapped;
  return withMeta(mapped, { [META.relatedTask]: exposeTaskId(server, related) });
}
