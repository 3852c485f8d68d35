/**
 * Streamable HTTP towards one server, in both eras: every message is a POST, answers come as JSON or as a stream of events.
 * In the session era it resumes broken streams, listens on the standing stream, and makes a lost session anew.
 * Sources: specification 2025-11-25, Transports; specification 2026-07-28, Streamable HTTP.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../errors.ts';
import type { Frame } from '../../frames/frame.ts';
import {
  isRequest,
  type Json,
  type Message,
  notificationOf,
  type Request,
} from '../../json-rpc.ts';
import { discard } from './body.ts';
import {
  type Cursor,
  type ExchangeOptions,
  Exchanges,
  type Pending,
  SessionLost,
  statelessVersion,
} from './exchanges.ts';
import { HttpSession } from './session.ts';

/** Wait before the standing stream is opened again, in milliseconds, unless the server says `retry`; doubled while it fails. */
const RECONNECT = { first: 1_000, most: 30_000 };

/** The transport; `http.ts` drives it. */
export class Streamable {
  readonly session = new HttpSession();
  readonly #options: ExchangeOptions;
  readonly #exchanges: Exchanges;
  #recovering: Promise<void> | undefined;
  #standing = new AbortController();

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#exchanges = new Exchanges(options, this.session);
  }

  /**
   * Send one message and return the response, whatever its status. A session the server has lost is made anew, once, and the
   * message sent again.
   */
  async post(frame: Frame, signal: AbortSignal): Promise<Response> {
    const { message } = frame;
    await this.#recovering?.catch(() => {});
    if (isRequest(message)) this.session.noteRequest(message);
    const used = this.session.id;
    const response = await this.#exchanges.post(frame, signal);
    if (response.ok || !this.#isOfSession(message)) return response;
    if (!(await saysSessionLost(response))) return response;
    await discard(response);
    await this.#recover(used);
    return this.#exchanges.post(frame, signal);
  }

  #isOfSession(message: Message): boolean {
    const opens = isRequest(message) && message.method === 'initialize';
    return this.session.numbered && !opens && statelessVersion(message) === undefined;
  }

  /** Make a lost session anew; those who notice at the same time share the effort. */
  async #recover(lost: string | undefined): Promise<void> {
    if (this.session.id !== lost && !this.#recovering) return;
    this.#recovering ??= this.#reinitialize().finally(() => {
      this.#recovering = undefined;
    });
    await this.#recovering;
  }

  async #reinitialize(): Promise<void> {
    const { initialize, lasting } = this.session;
    if (!initialize) return;
    this.#options.debug('the server lost the session; opening another');
    this.session.forget();
    const answer = await this.#ask(initialize);
    this.session.noteInitialized(answer);
    await this.confirm({ message: notificationOf('notifications/initialized') });
    for (const request of lasting) await this.#ask(request);
    for (const method of this.session.listChanges())
      this.#options.inbox.put(notificationOf(method));
  }

  /** A request of our own, beside those of the client. */
  async #ask(request: Request): Promise<Message> {
    let answer: Message | undefined;
    const expected = this.#options.inbox.expect((message) => {
      answer = message;
      pending.answered = true;
    });
    const own: Request = { ...request, id: expected.id };
    const pending: Pending = { request: own, abort: new AbortController(), answered: false };
    try {
      const response = await this.#exchanges.post({ message: own }, pending.abort.signal);
      if (!response.ok) throw new Error(`${request.method}: HTTP ${response.status}`);
      await this.receive(response, pending);
      if (!answer) throw new Error(`${request.method} was not answered`);
      return answer;
    } finally {
      expected.forget();
    }
  }

  /** Ask for the tools again, so that the headers of calls are right. */
  async refreshTools(call: Request): Promise<void> {
    const params: Json = { _meta: call.params?._meta };
    const answer = await this.#ask({ jsonrpc: '2.0', id: 0, method: 'tools/list', params });
    if ('result' in answer && answer.result) this.#options.tools.learn(answer.result);
  }

  /** Send `notifications/initialized`, and listen on the standing stream from then on. */
  async confirm(frame: Frame): Promise<void> {
    const response = await this.#exchanges.post(frame, this.#options.signal);
    await discard(response);
    this.#standing.abort();
    this.#standing = new AbortController();
    void this.#stand(AbortSignal.any([this.#standing.signal, this.#options.signal])).catch(
      (error: unknown) => this.#options.debug(`standing stream: ${messageOf(error)}`),
    );
  }

  /** The standing stream of the session era: what the server says unasked. Opened again whenever it ends. */
  async #stand(signal: AbortSignal): Promise<void> {
    const cursor: Cursor = {};
    let wait = RECONNECT.first;
    while (!signal.aborted) {
      const session = this.session.id;
      try {
        const response = await this.#exchanges.listen(cursor, signal);
        if (!response) return;
        if (await this.#exchanges.drain(response, cursor)) wait = RECONNECT.first;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof SessionLost && session !== undefined) return this.#recover(session);
        this.#options.debug(`standing stream: ${messageOf(error)}`);
      }
      await sleep(cursor.retry ?? wait, undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, RECONNECT.most);
    }
  }

  /** Deliver what a response to a request brings, up to its answer; see {@link Exchanges.receive}. */
  receive(response: Response, pending: Pending): Promise<void> {
    return this.#exchanges.receive(response, pending);
  }

  /** End the session at the server. */
  end(): Promise<void> {
    return this.#exchanges.end();
  }
}

/** 404, or the 400 that many servers answer when they were restarted and know no session. */
async function saysSessionLost(response: Response): Promise<boolean> {
  if (response.status === 404) return true;
  return response.status === 400 && /session/i.test(await response.clone().text());
}
