/** Calls that were answered with a task: who asked for it is told of it, and its progress token stays good (revision 2025-11-25, "Tasks"). */
import { META, metaOf } from '../eras/era.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import { isObject, type Json, type RequestId, type Response } from '../json-rpc.ts';
import { isSameClient } from './attribution.ts';
import type { OpenCall } from './open-calls.ts';
import type { Party } from './party.ts';

/** So many tasks are remembered per link; the oldest are forgotten first. */
const MAX_TASKS = 1_000;

interface TaskCall {
  readonly party: Party;
  /** The client's own progress token. */
  readonly token: RequestId | undefined;
  readonly wire: number;
}

/** The tasks of one link. Ids are the server's own. */
export class TaskCalls {
  readonly #byTask = new Map<string, TaskCall>();
  readonly #byWire = new Map<number, TaskCall>();

  /** A call was answered; perhaps with a task. */
  note({ call, token, wire }: OpenCall, answer: Frame): void {
    if (answer.head) return;
    const { result } = answer.message as Response;
    const { task } = result ?? {};
    if (!isObject(task) || typeof task['taskId'] !== 'string') return;
    const made = { party: call.party, token, wire };
    this.#byTask.set(task['taskId'], made);
    if (token !== undefined) this.#byWire.set(wire, made);
    const [oldest] = this.#byTask.keys();
    if (this.#byTask.size > MAX_TASKS && oldest !== undefined) this.#forget(oldest);
  }

  /** Who asked for a task. */
  ownerOf(taskId: unknown): Party | undefined {
    return this.#byTask.get(taskId as string)?.party;
  }

  /** Whether a task is another session's. One that nobody here asked for, or whose session has ended, is not: it may have been this client's. */
  isForeign(taskId: unknown, party: Party): boolean {
    const owner = this.ownerOf(taskId);
    return owner !== undefined && !isSameClient(owner, party);
  }

  /** The answer to a `tasks/list`, without the tasks of other sessions. */
  ownOf(party: Party, answer: Frame): Frame {
    const { result } = answer.message as Response;
    if (!Array.isArray(result?.['tasks'])) return answer;
    const tasks = result['tasks'].filter((task) => !this.isForeign(task?.taskId, party));
    if (tasks.length === result['tasks'].length) return answer;
    return frameOf({ ...answer.message, result: { ...result, tasks } } as Response);
  }

  /** Whose task something says in its `_meta` that it is related to. */
  ownerOfRelated(params: Json | undefined): Party | undefined {
    const related = metaOf(params)?.[META.relatedTask];
    return isObject(related) ? this.ownerOf(related['taskId']) : undefined;
  }

  /** The call that a progress token towards the server was given to. */
  byToken(wire: unknown): TaskCall | undefined {
    return this.#byWire.get(wire as number);
  }

  /** A party is gone. */
  leave(party: Party): void {
    for (const [taskId, made] of this.#byTask) if (made.party === party) this.#forget(taskId);
  }

  #forget(taskId: string): void {
    const made = this.#byTask.get(taskId);
    this.#byTask.delete(taskId);
    if (made) this.#byWire.delete(made.wire);
  }
}
