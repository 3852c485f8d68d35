/**
 * Streamable HTTP towards one server, in both eras: every message is a POST, answers come as JSON or as a stream of events.
 * In the session era it resumes broken streams, listens on the standing stream, and makes a lost session anew.
 * Sources: specification 2025-11-25, Transports; specification 2026-07-28, Streamable HTTP.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../errors.ts';
import { bytesOf, type Frame } from '../../frames/frame.ts';
import {
  isObject,
  isRequest,
  type Json,
  type Message,
  notificationOf,
  type Request,
  type RequestId,
} from '../../json-rpc.ts';
import { bodyOf, discard, isEventStream, readText } from './body.ts';
import type { Channel } from './channel.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';
import type { Inbox } from './inbox.ts';
import { standardHeaders } from './mirrored-headers.ts';
import type { OfferedTools } from './offered-tools.ts';
import { isRepeatable } from './repeatable.ts';
import { HttpSession } from './session.ts';

/** The `_meta` member with which every request of the stateless era names its revision. */
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const ACCEPT = 'application/json, text/event-stream';
/** Wait before a broken stream is opened again, in milliseconds, unless the server says `retry`; doubled while it fails. */
const RECONNECT = { first: 1_000, most: 30_000 };
/** How often in a row a response stream is resumed without anything new arriving. */
const MAX_RESUMES = 5;

/** The revision a request names when it is of the stateless era. */
export function statelessVersion(message: Message): string | undefined {
  const meta = 'params' in message && isObject(message.params) ? message.params._meta : undefined;
  const version = isObject(meta) ? meta[VERSION_KEY] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** A request under way. */
export interface Pending {
  readonly request: Request;
  /** Aborted when the client cancels it. */
  readonly abort: AbortController;
  answered: boolean;
}

/** What the transport works with. */
export interface StreamableOptions {
  readonly url: string;
  readonly channel: Channel;
  readonly inbox: Inbox;
  readonly tools: OfferedTools;
  readonly maxFrameBytes: number;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly debug: (message: string) => void;
}

/** The transport; `http.ts` drives it. */
export class Streamable {
  readonly session = new HttpSession();
  readonly #options: StreamableOptions;
  #recovering: Promise<void> | undefined;
  #standing = new AbortController();

  constructor(options: StreamableOptions) {
    this.#options = options;
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
    const response = await this.#postOnce(frame, signal);
    if (response.ok || !this.#isOfSession(message)) return response;
    if (!(await saysSessionLost(response))) return response;
    await discard(response);
    await this.#recover(used);
    return this.#postOnce(frame, signal);
  }

  async #postOnce(frame: Frame, signal: AbortSignal): Promise<Response> {
    const { message } = frame;
    const { channel, url } = this.#options;
    const response = await channel.exchange({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: ACCEPT,
        ...this.#protocolHeaders(message),
      },
      body: bytesOf(frame),
      signal: AbortSignal.any([signal, this.#options.signal]),
      patient: true,
      repeatable: isRepeatable(message),
    });
    if (isRequest(message) && message.method === 'initialize' && response.ok)
      this.session.id = response.headers.get('mcp-session-id') ?? undefined;
    return response;
  }

  #protocolHeaders(message: Message): Record<string, string> {
    const version = statelessVersion(message);
    if (version === undefined) return this.session.headers();
    const mirrored = isRequest(message)
      ? { ...standardHeaders(message), ...this.#options.tools.headers(message) }
      : {};
    return { 'mcp-protocol-version': version, ...mirrored };
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
      const response = await this.#postOnce({ message: own }, pending.abort.signal);
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
    const response = await this.#postOnce(frame, this.#options.signal);
    await discard(response);
    this.#standing.abort();
    this.#standing = new AbortController();
    void this.#stand(AbortSignal.any([this.#standing.signal, this.#options.signal])).catch(
      (error: unknown) => this.#options.debug(`standing stream: ${messageOf(error)}`),
    );
  }

  /** Deliver what a response to a request brings, resuming its stream while it breaks before the answer. Returns when it ends. */
  async receive(response: Response, pending: Pending): Promise<void> {
    if (!isEventStream(response)) {
      const text = await readText(response, this.#options.maxFrameBytes);
      await this.#options.inbox.flow();
      if (text.trim() !== '' && !this.#options.inbox.take(text, pending.request.id))
        throw new Error('the answer is not JSON');
      return;
    }
    const cursor: Cursor = {};
    let resumes = 0;
    let current: Response | undefined = response;
    while (current) {
      const fresh: boolean = await this.#drain(current, cursor, pending.request.id);
      resumes = fresh ? 0 : resumes + 1;
      if (pending.answered || cursor.id === undefined || resumes > MAX_RESUMES) return;
      await sleep(cursor.retry ?? RECONNECT.first, undefined, { signal: pending.abort.signal });
      current = await this.#listen(cursor, pending.abort.signal);
    }
  }

  /** Read a stream until it ends or breaks; says whether anything came. */
  async #drain(response: Response, cursor: Cursor, relatedTo?: RequestId): Promise<boolean> {
    let fresh = false;
    try {
      for await (const event of readEvents(bodyOf(response), this.#options.maxFrameBytes)) {
        fresh ||= event.data !== undefined && event.data !== '';
        note(cursor, event);
        await this.#options.inbox.flow();
        if (event.data && event.event === 'message')
          this.#options.inbox.take(event.data, relatedTo);
      }
    } catch (error) {
      if (error instanceof RangeError) throw error;
      this.#options.debug(`stream broke: ${messageOf(error)}`);
    }
    return fresh;
  }

  /** Open a stream by GET, after the cursor; undefined when the server has none to offer. */
  async #listen(cursor: Cursor, signal: AbortSignal): Promise<Response | undefined> {
    const { channel, url } = this.#options;
    const response = await channel.exchange({
      method: 'GET',
      url,
      headers: {
        accept: 'text/event-stream',
        ...this.session.headers(),
        ...(cursor.id !== undefined && { 'last-event-id': cursor.id }),
      },
      signal: AbortSignal.any([signal, this.#options.signal]),
      patient: true,
      repeatable: true,
    });
    if (response.ok && isEventStream(response)) return response;
    await discard(response);
    if (response.status === 404 && this.session.id !== undefined) throw new SessionLost();
    return undefined;
  }

  /** The standing stream of the session era: what the server says unasked. Opened again whenever it ends. */
  async #stand(signal: AbortSignal): Promise<void> {
    const cursor: Cursor = {};
    let wait = RECONNECT.first;
    while (!signal.aborted) {
      const session = this.session.id;
      try {
        const response = await this.#listen(cursor, signal);
        if (!response) return;
        if (await this.#drain(response, cursor)) wait = RECONNECT.first;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof SessionLost && session !== undefined) return this.#recover(session);
        this.#options.debug(`standing stream: ${messageOf(error)}`);
      }
      await sleep(cursor.retry ?? wait, undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, RECONNECT.most);
    }
  }

  /** End the session at the server, if it wants to know (specification 2025-11-25, "Session Management"). */
  async end(): Promise<void> {
    const headers = this.session.headers();
    if (this.session.id === undefined) return;
    this.session.forget();
    const { channel, url } = this.#options;
    const signal = AbortSignal.timeout(1_000);
    await channel
      .exchange({ method: 'DELETE', url, headers, signal, patient: false, repeatable: false })
      .then(discard)
      .catch(() => {});
  }
}

/** How far a stream was read. */
interface Cursor {
  id?: string;
  retry?: number;
}

class SessionLost extends Error {}

/** 404, or the 400 that many servers answer when they were restarted and know no session. */
async function saysSessionLost(response: Response): Promise<boolean> {
  if (response.status === 404) return true;
  return response.status === 400 && /session/i.test(await response.clone().text());
}

function note(cursor: Cursor, event: ServerSentEvent): void {
  if (event.id !== undefined) cursor.id = event.id;
  if (event.retry !== undefined) cursor.retry = event.retry;
}
