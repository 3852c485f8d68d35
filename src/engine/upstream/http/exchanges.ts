/** Single exchanges of Streamable HTTP with one server: a message out, what it brings in, streams resumed when they break. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../errors.ts';
import { bytesOf, type Frame } from '../../frames/frame.ts';
import { isObject, isRequest, type Message, type Request } from '../../json-rpc.ts';
import { bodyOf, discard, isEventStream, readBody } from './body.ts';
import type { Channel } from './channel.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';
import type { Inbox } from './inbox.ts';
import { standardHeaders } from './mirrored-headers.ts';
import type { OfferedTools } from './offered-tools.ts';
import { isRepeatable } from './repeatable.ts';
import type { HttpSession } from './session.ts';

/** The `_meta` member with which every request of the stateless era names its revision. */
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const ACCEPT = 'application/json, text/event-stream';
/** Wait before a broken stream is resumed, in milliseconds, unless the server says `retry`. */
const RESUME_AFTER = 1_000;
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
  /** The server took it; its answer comes another way. */
  accepted?: boolean;
}

/** What exchanges work with. */
export interface ExchangeOptions {
  readonly url: string;
  readonly channel: Channel;
  readonly inbox: Inbox;
  readonly tools: OfferedTools;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly debug: (message: string) => void;
}

/** How far a stream was read. */
export interface Cursor {
  id?: string;
  retry?: number;
}

/** The server does not know the session any more. */
export class SessionLost extends Error {
  constructor() {
    super('the server lost the session in which it was asked');
  }
}

/** Exchanges within a session, which is looked at and told, but not made anew here. */
export class Exchanges {
  readonly #options: ExchangeOptions;
  readonly #session: HttpSession;

  constructor(options: ExchangeOptions, session: HttpSession) {
    this.#options = options;
    this.#session = session;
  }

  /** Send one message; the response, whatever its status. */
  async post(frame: Frame, signal: AbortSignal): Promise<Response> {
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
      this.#session.id = response.headers.get('mcp-session-id') ?? undefined;
    return response;
  }

  #protocolHeaders(message: Message): Record<string, string> {
    const version = statelessVersion(message);
    if (version === undefined) return this.#session.headers();
    const mirrored = isRequest(message)
      ? { ...standardHeaders(message), ...this.#options.tools.headers(message) }
      : {};
    return { 'mcp-protocol-version': version, ...mirrored };
  }

  /** Deliver what a response to a request brings, resuming its stream while it breaks before the answer. Returns when it ends. */
  async receive(response: Response, pending: Pending): Promise<void> {
    if (!isEventStream(response)) return this.#receiveBody(response, pending);
    const cursor: Cursor = {};
    const { id: session } = this.#session;
    let resumes = 0;
    let current: Response | undefined = response;
    while (current) {
      const fresh: boolean = await this.drain(current, cursor, pending);
      resumes = fresh ? 0 : resumes + 1;
      if (pending.answered || cursor.id === undefined || resumes > MAX_RESUMES) return;
      await sleep(cursor.retry ?? RESUME_AFTER, undefined, { signal: pending.abort.signal });
      // A stream belongs to its session: in another one it would be silent for ever.
      if (this.#session.id !== session) throw new SessionLost();
      current = await this.listen(cursor, pending.abort.signal);
    }
  }

  async #receiveBody(response: Response, pending: Pending): Promise<void> {
    const { inbox } = this.#options;
    const { id } = pending.request;
    const body = await readBody(response, inbox.maxFrameBytes);
    await inbox.flow();
    const blank = body.length < 64 && body.toString().trim() === '';
    if (!blank && !inbox.take(body, id)) inbox.fail(id, 'is no JSON-RPC message');
  }

  /** Read a stream until it ends, breaks, or has answered its request; says whether anything came. */
  async drain(response: Response, cursor: Cursor, pending?: Pending): Promise<boolean> {
    const { inbox, debug } = this.#options;
    let fresh = false;
    try {
      for await (const event of readEvents(bodyOf(response), inbox.maxFrameBytes)) {
        const { data } = event;
        const hasData = data !== undefined && data.length > 0;
        fresh ||= hasData;
        note(cursor, event);
        await inbox.flow();
        if (hasData && event.event === 'message') inbox.take(data, pending?.request.id);
        if (pending?.answered) break;
      }
    } catch (error) {
      debug(`stream broke: ${messageOf(error)}`);
    }
    return fresh;
  }

  /** Open a stream by GET, after the cursor; undefined when the server has none to offer. */
  async listen(cursor: Cursor, signal: AbortSignal): Promise<Response | undefined> {
    const { channel, url } = this.#options;
    const response = await channel.exchange({
      method: 'GET',
      url,
      headers: {
        accept: 'text/event-stream',
        ...this.#session.headers(),
        ...(cursor.id !== undefined && { 'last-event-id': cursor.id }),
      },
      signal: AbortSignal.any([signal, this.#options.signal]),
      patient: true,
      repeatable: true,
    });
    if (response.ok && isEventStream(response)) return response;
    await discard(response);
    if (response.status === 404 && this.#session.id !== undefined) throw new SessionLost();
    return undefined;
  }

  /** End the session at the server, if it wants to know (specification 2025-11-25, "Session Management"). */
  async end(): Promise<void> {
    if (this.#session.id === undefined) return;
    const headers = this.#session.headers();
    this.#session.forget();
    const { channel, url } = this.#options;
    const signal = AbortSignal.timeout(1_000);
    await channel
      .exchange({ method: 'DELETE', url, headers, signal, patient: false, repeatable: false })
      .then(discard)
      .catch(() => {});
  }
}

function note(cursor: Cursor, event: ServerSentEvent): void {
  if (event.id !== undefined) cursor.id = event.id;
  if (event.retry !== undefined) cursor.retry = event.retry;
}
