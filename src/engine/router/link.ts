/**
 * One server as one kind of client sees it: every request of every client gets an id and a progress token of the link's own, and what
 * comes back goes to the one it is for.
 */
import type { UsageSink } from '../calls.ts';
import { type ClientProfile, type Era, META, metaOf, paramsOf, withMeta } from '../eras/era.ts';
import type { Opening } from '../eras/handshake.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import {
  errorOf,
  isObject,
  type Json,
  type Notification,
  notificationOf,
  type Request,
  type RequestId,
  type Response,
  RPC,
  resultOf,
} from '../json-rpc.ts';
import type { UpstreamExit } from '../upstream/types.ts';
import { AskTable } from './asks.ts';
import { callMeant, partyMeant } from './attribution.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { failureAnswer } from './failure.ts';
import { OpenCallTable } from './open-calls.ts';
import { Owners } from './owners.ts';
import type { Call, Party } from './party.ts';
import { TaskCalls } from './task-calls.ts';

/** What a link tells. */
export interface LinkEvents {
  /** A notification other than progress and cancellation; `during` when it belongs to one call. */
  onNotification(link: Link, frame: Frame, during: Call | undefined): void;
  /** The server came up (again), or went down. */
  onState(link: Link, up: boolean): void;
  /** Parameters of the server's own as clients may see them. */
  outward(link: Link, params: Json | undefined): Json | undefined;
  /** What a client answered, as the server may see it. */
  inward(link: Link, result: Json): Json;
}

/** What a link is made of. */
export interface LinkOptions extends ConnectionOptions {
  readonly recorder: UsageSink | undefined;
  readonly events: LinkEvents;
}

/** See above. */
export class Link {
  readonly name: string;
  readonly profile: ClientProfile;
  /** Clients that hear of what is not for one call. */
  readonly parties = new Set<Party>();
  readonly #events: LinkEvents;
  readonly #connection: Connection;
  readonly #calls: OpenCallTable;
  readonly #asks: AskTable;
  /** Tasks that clients asked for. */
  readonly tasks: TaskCalls = new TaskCalls();
  /** URLs that clients were asked to visit, by `elicitationId`. */
  readonly elicitations: Owners = new Owners();

  constructor(options: LinkOptions) {
    this.name = options.name;
    this.profile = options.profile;
    this.#events = options.events;
    this.#asks = new AskTable(options.name, {
      send: (frame) => this.#connection.send(frame),
      outward: (params) => this.#events.outward(this, params),
      inward: (result) => this.#events.inward(this, result),
    });
    this.#connection = new Connection(options, {
      onFrame: (frame) => this.#receive(frame),
      onUp: () => options.events.onState(this, true),
      onDown: (exit, wasUp) => this.#down(exit, wasUp),
    });
    this.#calls = new OpenCallTable(options.name, options.recorder, this.#connection.ids);
  }

  /** What the server said at the opening; undefined while it is not up. */
  get opening(): Opening | undefined {
    return this.#connection.opening;
  }

  /** The era that is spoken with the server; before it is known, that of the client. */
  get era(): Era {
    return this.opening?.era ?? this.profile.era;
  }

  /** Somebody uses it. */
  get busy(): boolean {
    return this.#calls.size > 0 || this.parties.size > 0;
  }

  /** Resolves when the server is up. @throws as {@link Connection.ready}. */
  ready(): Promise<Opening> {
    return this.#connection.ready();
  }

  /** As {@link Connection.upInTime}. */
  upInTime(): Promise<void> {
    return this.#connection.upInTime();
  }

  /** Send a client's request. The answer, or an error that names the server, comes through `call.done`. */
  call(frame: Frame, call: Call): void {
    if (this.opening) this.#begin(frame, call);
    else {
      this.ready().then(
        () => this.#begin(frame, call),
        (error: unknown) => call.done(frameOf(failureAnswer(this.name, error))),
      );
    }
  }

  /** Ask for something that is not answered for long, and whose notifications carry its id; the answer ends it. */
  stream(
    method: string,
    params: Json,
  ): { readonly id: RequestId; readonly ended: Promise<Response | undefined> } {
    return this.#connection.stream(method, params);
  }

  /** Ask the server something of our own. Never rejects. */
  query(method: string, params: Json): Promise<Response> {
    return this.#connection.query(method, params);
  }

  /** Send a notification; lost when the server is down. */
  say(method: string, params?: Json): void {
    if (this.opening) this.#connection.send(frameOf(notificationOf(method, params)));
  }

  /** End the conversation and the server. */
  async close(): Promise<void> {
    this.#fail({ expected: true, reason: 'was stopped', tail: '' });
    await this.#connection.close();
  }

  #begin(frame: Frame, call: Call): void {
    if (this.#connection.jammed) {
      const why = `server "${this.name}" does not read its requests`;
      call.done(frameOf(errorOf(0, RPC.SERVER_DOWN, why, { server: this.name })));
      return;
    }
    if (this.#isOfOthers(frame, call)) {
      call.done(frameOf(errorOf(0, RPC.INVALID_PARAMS, 'Task not found')));
      return;
    }
    const { wire, sent } = this.#calls.begin(frame, call);
    call.cancel = (params) => this.#cancel(wire, params);
    this.#connection.send(sent);
  }

  /** It is about a task that another session asked for (revision 2025-11-25, "Task Access Control"). */
  #isOfOthers(frame: Frame, { method, party }: Call): boolean {
    if (!method.startsWith('tasks/')) return false;
    return this.tasks.isForeign(paramsOf(frame.message)?.['taskId'], party);
  }

  /** No answer is delivered from now on. */
  #cancel(wire: number, params: Json): void {
    const open = this.#calls.end(wire, 'cancelled');
    if (!open) return;
    this.say('notifications/cancelled', { ...params, requestId: wire });
    this.#asks.drop(open.call, 'the request was cancelled');
  }

  #receive(frame: Frame): void {
    const { id, method } = headOf(frame);
    if (method === undefined) this.#answered(id, frame);
    else if (id === undefined) this.#notified(frame, method);
    else if (method === 'ping') this.#pinged(id);
    else this.#asked(frame);
  }

  #answered(id: RequestId | undefined, frame: Frame): void {
    const open = this.#calls.end(id, frame);
    if (!open) return;
    this.tasks.note(open, frame);
    if (open.call.method === 'tasks/list') {
      open.call.done(this.tasks.ownOf(open.call.party, frame));
      return;
    }
    for (const visit of elicitationsIn(frame)) this.elicitations.note(visit, open.call.party);
    open.call.done(open.call.method === LISTEN ? streamEnd(open.call, frame) : frame);
  }

  #pinged(id: RequestId): void {
    this.#connection.send(frameOf({ jsonrpc: '2.0', id, result: {} }));
  }

  #asked(frame: Frame): void {
    const owner = this.tasks.ownerOfRelated(paramsOf(frame.message));
    const during = this.#during(frame, owner);
    const idle = this.#calls.size === 0;
    const party = owner ?? during?.party ?? (idle ? partyMeant(this.parties) : undefined);
    if (party) this.elicitations.note(paramsOf(frame.message)?.['elicitationId'], party);
    this.#asks.open(frame.message as Request, party, during);
  }

  #notified(frame: Frame, method: string): void {
    if (method === 'notifications/progress') this.#progressed(paramsOf(frame.message) ?? {});
    else if (method === 'notifications/cancelled') this.#withdrawn(paramsOf(frame.message) ?? {});
    else if (!this.#streamed(frame)) this.#events.onNotification(this, frame, this.#during(frame));
  }

  /** To the one who gave the token; during its call, or while the task that the call led to goes on. */
  #progressed(params: Json): void {
    const { progressToken: wire } = params;
    const open = this.#calls.get(wire);
    const { token } = open ?? this.tasks.byToken(wire) ?? {};
    if (token === undefined) return;
    const own = { ...this.#events.outward(this, params), progressToken: token };
    const told = frameOf(notificationOf('notifications/progress', own));
    if (open) open.call.party.notify(told, open.call);
    else this.tasks.byToken(wire)?.party.notify(told);
  }

  /**
   * A server of the old era takes a question of its own back; one of the new, which asks nothing, ends a stream that we opened
   * (specification 2026-07-28, stdio).
   */
  #withdrawn({ requestId, reason }: Json): void {
    const id = requestId as RequestId;
    if (this.era === 'legacy')
      this.#asks.withdraw(id, typeof reason === 'string' ? reason : 'not needed any more');
    else if (this.#calls.get(id)?.call.method === LISTEN)
      this.#answered(id, frameOf(resultOf(0, { resultType: 'complete' })));
    else this.#connection.ended(id);
  }

  /** What comes on a stream that a client opened carries the id of the request that opened it. */
  #streamed(frame: Frame): boolean {
    const params = paramsOf(frame.message);
    const open = this.#calls.get(metaOf(params)?.[META.subscription]);
    if (!open) return false;
    const own = withMeta(params, { [META.subscription]: open.call.id });
    open.call.party.notify(frameOf({ ...frame.message, params: own } as Notification), open.call);
    return true;
  }

  /** The call that something belongs to; of the one party, where that is known. */
  #during(frame: Frame, owner?: Party): Call | undefined {
    const calls = [...this.#calls.all()];
    const own = owner ? calls.filter(({ call }) => call.party === owner) : calls;
    return callMeant(own, this.#calls.get(frame.relatedTo))?.call;
  }

  #down(exit: UpstreamExit, wasUp: boolean): void {
    this.#fail(exit);
    if (wasUp) this.#events.onState(this, false);
  }

  #fail(exit: UpstreamExit): void {
    const message = `server "${this.name}" ${exit.reason}`;
    const data = { server: this.name, reason: exit.reason, stderr: exit.tail };
    for (const open of [...this.#calls.all()]) {
      this.#calls.end(open.wire, 'server exited');
      open.call.done(frameOf(errorOf(0, RPC.SERVER_DOWN, message, data)));
    }
    this.#asks.drop(undefined, 'the server is gone');
  }
}

const LISTEN = 'subscriptions/listen';

/** The end of a stream as the client that opened it knows it. */
function streamEnd(call: Call, answer: Frame): Frame {
  const { result } = answer.message as Response;
  return result ? frameOf(resultOf(0, withMeta(result, { [META.subscription]: call.id }))) : answer;
}

/** The ids in an error that lists URLs to visit first (revision 2025-11-25, elicitation, "URL Elicitation Required Error"). */
function elicitationsIn(answer: Frame): unknown[] {
  if (answer.head) return [];
  const data = (answer.message as Response).error?.data;
  const listed = isObject(data) ? data['elicitations'] : undefined;
  return Array.isArray(listed) ? listed.map((one) => isObject(one) && one['elicitationId']) : [];
}
