/** A client of the old era: opened by `initialize`, can be asked, has a log level. The transport is behind its outlet. */

import {
  type ClientProfile,
  clientName,
  legacyProfile,
  metaOf,
  paramsOf,
  withMeta,
} from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import {
  errorOf,
  type Json,
  notificationOf,
  type RequestId,
  type Response,
  RPC,
  resultOf,
} from '../json-rpc.ts';
import { failureOf, RpcFailure } from '../middleware.ts';
import { failureAnswer } from '../router/failure.ts';
import type { Ask, Call, Party } from '../router/party.ts';
import type { Router } from '../router/router.ts';
import type { Outlet } from './outlet.ts';

/** What a session needs besides its client. */
export interface SessionOptions {
  readonly id: string;
  readonly router: Router;
  readonly outlet: Outlet;
  /** The parameters of `initialize`. */
  readonly opening: Json;
  /** Whom the guard said it is from. */
  readonly principal?: string | undefined;
}

/** See above. */
export class LegacySession implements Party {
  readonly id: string;
  profile: ClientProfile;
  readonly principal: string | undefined;
  readonly open = new Map<RequestId, Call>();
  logLevel: string | undefined;
  readonly #router: Router;
  readonly #outlet: Outlet;
  readonly #asks = new Map<RequestId, Ask>();
  #nextAsk = 1;
  #closed = false;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.profile = legacyProfile(options.opening);
    this.principal = options.principal;
    this.#router = options.router;
    this.#outlet = options.outlet;
    this.#router.recorder?.session({
      session: this.id,
      at: this.#router.ctx.now().getTime(),
      ...clientName(this.profile.clientInfo),
    });
  }

  get reachable(): boolean {
    return this.#outlet.reachable;
  }

  /** Answer `initialize`. */
  async initialize(id: RequestId, respond: (answer: Frame) => void): Promise<void> {
    try {
      const changed = (params: Json) => {
        this.profile = legacyProfile(params);
      };
      respond(frameOf(resultOf(id, await this.#router.initialize(this, changed))));
    } catch (error) {
      const only = this.#router.many ? undefined : this.#router.links(this)[0]?.name;
      const name = only ?? this.#router.identity.name;
      const answer = error instanceof RpcFailure ? failureOf(error) : failureAnswer(name, error);
      respond(frameOf({ ...answer, id }));
    }
  }

  /** Take a message of the client. `respond` gets the answer to a request. */
  receive(frame: Frame, respond: (answer: Frame) => void): void {
    const { id, method } = headOf(frame);
    if (method === undefined) this.#answered(frame, id);
    else if (id === undefined) this.#notified(frame, method);
    else if (this.open.has(id)) {
      respond(frameOf(errorOf(id, RPC.INVALID_REQUEST, 'this id belongs to a request in flight')));
    } else this.#router.request(frame, this, respond);
  }

  notify(frame: Frame, call?: Call): void {
    this.#outlet.send(frame, call?.id);
  }

  ask(ask: Ask): (reason: string) => void {
    const id = this.#nextAsk++;
    this.#asks.set(id, ask);
    const { method, during } = ask;
    const { progressToken } = metaOf(ask.params) ?? {};
    // Several servers may have given the same token.
    const params =
      progressToken === undefined ? ask.params : withMeta(ask.params, { progressToken: id });
    const request = { jsonrpc: '2.0' as const, id, method, ...(params && { params }) };
    this.#outlet.send(frameOf(request), during?.id);
    return (reason) => {
      if (!this.#asks.delete(id) || this.#closed) return;
      const cancelled = notificationOf('notifications/cancelled', { requestId: id, reason });
      this.#outlet.send(frameOf(cancelled), during?.id);
    };
  }

  /** The client is gone, or has ended the session. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const ask of this.#asks.values()) {
      ask.answer(errorOf(0, RPC.INTERNAL, 'the client is gone'));
    }
    this.#asks.clear();
    this.#router.detach(this);
    this.#router.recorder?.sessionEnd(this.id);
  }

  #answered(frame: Frame, id: RequestId | undefined): void {
    const ask = id === undefined ? undefined : this.#asks.get(id);
    if (!ask || id === undefined) return;
    this.#asks.delete(id);
    ask.answer(frame.message as Response);
  }

  #notified(frame: Frame, method: string): void {
    if (method === 'notifications/progress') {
      const params = paramsOf(frame.message);
      const ask = this.#asks.get(params?.['progressToken'] as RequestId);
      const { progressToken } = metaOf(ask?.params) ?? {};
      if (!ask || progressToken === undefined) return;
      this.#router.tell(this, ask.server, method, { ...params, progressToken });
    } else this.#router.notification(frame, this);
  }
}
