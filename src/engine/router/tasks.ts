/** Task ids of several servers as one space: `SERVER:id` (revision 2025-11-25, and extension `io.modelcontextprotocol/tasks` of the new era). */
import { META, metaOf, withMeta } from '../eras/era.ts';
import { isObject, type Json } from '../json-rpc.ts';
import { mapToolResult } from '../names/contents.ts';
import { exposeUri } from '../names/uris.ts';

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

/** A task as the extension tells of it, with what it led to: its id and the URIs in its result named for clients. */
export function exposeTask(server: string, task: Json): Json {
  const named = exposeTaskId(server, task);
  const { result } = task;
  if (named === task || !isObject(result)) return named;
  return { ...named, result: exposeUris(server, result) };
}

/** The result of a tool, or of a method about a task, named for clients: its URIs, itself, a new task, and what it is related to. */
export function exposeToolResult(server: string, result: Json): Json {
  const mapped = exposeTask(server, exposeUris(server, result));
  const { task } = mapped;
  const named = isObject(task) ? { ...mapped, task: exposeTaskId(server, task) } : mapped;
  return exposeRelated(server, named);
}

/** Whatever says in its `_meta` which task it is related to, named for clients. */
export function exposeRelated<T extends Json | undefined>(server: string, holder: T): T | Json {
  const related = metaOf(holder)?.[META.relatedTask];
  if (!isObject(related)) return holder;
  return withMeta(holder, { [META.relatedTask]: exposeTaskId(server, related) });
}

/** The reverse of {@link exposeRelated}, for what a client sends to that server. */
export function resolveRelated(server: string, holder: Json): Json {
  const related = metaOf(holder)?.[META.relatedTask];
  const target = isObject(related) && resolveTaskId(related['taskId'], (name) => name === server);
  if (!target) return holder;
  return withMeta(holder, { [META.relatedTask]: { ...related, taskId: target.taskId } });
}

function exposeUris(server: string, result: Json): Json {
  return mapToolResult(result, (uri) => exposeUri(server, uri));
}
