/** A session of the old era over HTTP: its answers in the making, its standing stream, and what waits for one. */
import { randomUUID } from 'node:crypto';
import type { Frame } from '../../frames/frame.ts';
import type { Json, RequestId } from '../../json-rpc.ts';
import type { Router } from '../../router/router.ts';
import { LegacySession } from '../legacy-session.ts';
import type { Outlet } from '../outlet.ts';
import type { HttpAnswer } from './answer.ts';
import type { EventStream } from './event-stream.ts';

/** One client. */
export class HttpSession implements Outlet {
  readonly id = randomUUID();
  readonly session: LegacySession;
  /** Whom the guard said it was opened by. */
  readonly principal: string | undefined;
  /** When it was last used, in `performance.now()` milliseconds. */
  usedAt = performance.now();
  readonly #answers = new Map<RequestId, HttpAnswer>();
  readonly #maxQueued: number;
  #stream: EventStream | undefined;
  #queue: Frame[] = [];

  constructor(router: Router, opening: Json, principal: string | undefined) {
    this.principal = principal;
    this.#maxQueued = router.settings.maxQueuedMessages;
    this.session = new LegacySession({ id: this.id, router, outlet: this, opening, principal });
  }

  /** Its client is there. One that went away in a call may never come back, whatever the call is doing. */
  get busy(): boolean {
    return this.reachable || [...this.#answers.values()].some(({ awaited }) => awaited);
  }

  get reachable(): boolean {
    return this.#stream !== undefined && !this.#stream.closed;
  }

  send(frame: Frame, about?: RequestId): void {
    const answer = about === undefined ? undefined : this.#answers.get(about);
    if (answer?.streams) answer.send(frame);
    else if (this.#stream && this.reachable) this.#stream.message(frame);
    else {
      this.#queue.push(frame);
      if (this.#queue.length > this.#maxQueued) this.#queue.shift();
    }
  }

  /** The standing stream is open now: what waited goes first. False when there is one already. */
  attach(open: () => EventStream): boolean {
    if (this.reachable) return false;
    this.#stream = open();
    for (const frame of this.#queue.splice(0)) this.#stream.message(frame);
    return true;
  }

  /** A request is being answered there. */
  answering(id: RequestId, answer: HttpAnswer): void {
    this.#answers.set(id, answer);
  }

  answered(id: RequestId): void {
    this.used();
    this.#answers.delete(id);
  }

  /** It is idle from now on, unless it is busy. */
  used(): void {
    this.usedAt = performance.now();
  }

  close(): void {
    this.session.close();
    this.#stream?.end();
    this.#queue = [];
  }
}

/** All sessions of an endpoint: as many as allowed, none idle for long. */
export class SessionTable {
  readonly #router: Router;
  readonly #sessions = new Map<string, HttpSession>();
  readonly #sweep: NodeJS.Timeout;

  constructor(router: Router) {
    this.#router = router;
    const { sessionIdleMs } = router.settings;
    this.#sweep = setInterval(() => this.#endIdle(), Math.min(sessionIdleMs, 30_000));
    this.#sweep.unref();
  }

  /** No room for another: idle ones were ended first. */
  get full(): boolean {
    if (this.#sessions.size >= this.#router.settings.maxSessions) this.#endIdle();
    return this.#sessions.size >= this.#router.settings.maxSessions;
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(opening: Json, principal: string | undefined): HttpSession {
    const session = new HttpSession(this.#router, opening, principal);
    this.#sessions.set(session.id, session);
    return session;
  }

  get(id: string, principal: string | undefined): HttpSession | undefined {
    const session = this.#sessions.get(id);
    if (!session || session.principal !== principal) return undefined;
    session.used();
    return session;
  }

  end(session: HttpSession): void {
    this.#sessions.delete(session.id);
    session.close();
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const session of [...this.#sessions.values()]) this.end(session);
  }

  #endIdle(): void {
    const limit = performance.now() - this.#router.settings.sessionIdleMs;
    for (const session of [...this.#sessions.values()]) {
      if (!session.busy && session.usedAt < limit) this.end(session);
    }
  }
}
