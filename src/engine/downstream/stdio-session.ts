/** The client on our standard streams at the router: in whichever era it opens, even in both. */
import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { clientName, META, metaOf, modernVersionOf, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { errorOf, type RequestId, RPC } from '../json-rpc.ts';
import type { Router } from '../router/router.ts';
import { LegacySession } from './legacy-session.ts';
import { type ModernRequest, serveModern, tellModern } from './modern-request.ts';
import type { Outlet } from './outlet.ts';
import { StdioClient } from './stdio.ts';

/** See above. */
export class StdioSession {
  readonly #id = randomUUID();
  readonly #owner = { id: this.#id, client: this.#id };
  readonly #router: Router;
  readonly #drainMs: number;
  readonly #client: StdioClient;
  readonly #outlet: Outlet;
  readonly #modern = new Map<RequestId, ModernRequest>();
  /** A client of the new era opens no session; for usage records its connection is one. */
  #recorded = false;
  /** Requests that have no answer yet. */
  readonly #open = new Set<RequestId>();
  #legacy: LegacySession | undefined;
  /** Messages that came while `initialize` was being answered. */
  #early: Frame[] | undefined;
  #finish: () => void = () => {};
  #drained: (() => void) | undefined;

  /** `client`: one that is open already, to be taken over. */
  constructor(ctx: Context, router: Router, client?: StdioClient) {
    this.#router = router;
    this.#drainMs = router.settings.drainMs;
    const handlers = {
      onMessage: (frame: Frame) => this.receive(frame),
      onDrain: () => {},
      onEnd: () => void this.#ended(),
    };
    this.#client = client ?? new StdioClient(ctx, router.settings, handlers);
    this.#client.handlers = handlers;
    this.#outlet = { reachable: true, send: (frame) => void this.#client.send(frame) };
  }

  /** Serve until the client closes its end, or `close()`. */
  async run(): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    this.#client.open();
    await done;
    this.close();
  }

  close(): void {
    this.#legacy?.close();
    for (const party of this.#modern.values()) this.#router.detach(party);
    this.#modern.clear();
    if (this.#recorded) this.#router.recorder?.sessionEnd(this.#id);
    this.#recorded = false;
    this.#client.close();
    this.#finish();
  }

  /** Take a message of the client. */
  receive(frame: Frame): void {
    const { id, method } = headOf(frame);
    if (id !== undefined && method !== undefined) this.#requested(frame, id, method);
    else if (method === 'notifications/cancelled') this.#cancelled(frame);
    else if (method !== undefined && modernVersionOf(paramsOf(frame.message)) !== undefined)
      tellModern(this.#router, frame, this.#owner);
    else if (this.#early) this.#early.push(frame);
    else this.#legacy?.receive(frame, this.#respond);
  }

  #requested(frame: Frame, id: RequestId, method: string): void {
    this.#open.add(id);
    if (modernVersionOf(paramsOf(frame.message)) !== undefined) {
      if (!this.#recorded) this.#record(metaOf(paramsOf(frame.message))?.[META.clientInfo]);
      const party = serveModern(this.#router, frame, this.#owner, this.#outlet, (answer) => {
        this.#modern.delete(id);
        this.#respond(answer);
      });
      if (party && party.open.size > 0) this.#modern.set(id, party);
    } else if (method === 'initialize') void this.#initialize(frame, id);
    else if (this.#early) this.#early.push(frame);
    else if (this.#legacy) this.#legacy.receive(frame, this.#respond);
    else this.#respond(frameOf(errorOf(id, RPC.INVALID_REQUEST, 'initialize comes first')));
  }

  #record(clientInfo: unknown): void {
    this.#recorded = true;
    const at = this.#router.ctx.now().getTime();
    this.#router.recorder?.session({ session: this.#id, at, ...clientName(clientInfo) });
  }

  async #initialize(frame: Frame, id: RequestId): Promise<void> {
    this.#legacy?.close();
    const session = new LegacySession({
      id: this.#id,
      router: this.#router,
      outlet: this.#outlet,
      opening: paramsOf(frame.message) ?? {},
    });
    this.#early = [];
    await session.initialize(id, this.#respond);
    this.#legacy = session;
    const early = this.#early;
    this.#early = undefined;
    for (const one of early) session.receive(one, this.#respond);
  }

  #cancelled(frame: Frame): void {
    const id = paramsOf(frame.message)?.['requestId'] as RequestId;
    this.#open.delete(id);
    const party = this.#modern.get(id);
    this.#modern.delete(id);
    if (party) this.#router.notification(frame, party);
    else this.#legacy?.receive(frame, this.#respond);
  }

  readonly #respond = (answer: Frame): void => {
    this.#client.send(answer);
    const { id } = headOf(answer);
    if (id !== undefined) this.#open.delete(id);
    if (this.#open.size === 0) this.#drained?.();
  };

  /** The client closed its end: what it still waits for is answered first, within limits. Subscriptions do not count. */
  async #ended(): Promise<void> {
    for (const stream of this.#router.streams) stream.end();
    if (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#drainMs);
        this.#drained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#finish();
  }
}
