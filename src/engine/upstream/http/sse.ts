/** The HTTP+SSE transport of revision 2024-11-05: one stream in, POSTs out to the address it names. */
import { setTimeout as sleep } from 'node:timers/promises';
import { McpmError, messageOf } from '../../../errors.ts';
import { bytesOf, type Frame } from '../../frames/frame.ts';
import { type Response as Answer, notificationOf, type Request } from '../../json-rpc.ts';
import { bodyOf, discard, isEventStream } from './body.ts';
import { type Channel, neverSent } from './channel.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';
import type { Inbox } from './inbox.ts';
import { isRepeatable } from './repeatable.ts';
import type { HttpSession } from './session.ts';

/** Waits before the stream is opened again, in milliseconds. */
const RECONNECT = { first: 500, most: 30_000 };

/** How long the server may take to open a session anew, in milliseconds. */
const ANSWER_LIMIT = 30_000;

/** What the transport works with. */
export interface SseOptions {
  readonly url: string;
  readonly channel: Channel;
  readonly inbox: Inbox;
  readonly session: HttpSession;
  readonly signal: AbortSignal;
  readonly debug: (message: string) => void;
  /** The stream broke: what was asked will not be answered. */
  readonly onLost: (reason: string) => void;
}

/** An open connection of the transport. */
export interface SseChannel {
  /**
   * Send one message; its answer comes on the stream.
   * @throws McpmError NETWORK when the server does not take it.
   */
  post(frame: Frame): Promise<void>;
}

/** Open the stream; undefined when the URL offers none. It is kept open, and the session made anew, until the signal. */
export async function openSse(options: SseOptions): Promise<SseChannel | undefined> {
  const connection = new SseConnection(options);
  return (await connection.connect()) ? connection : undefined;
}

class SseConnection implements SseChannel {
  readonly #options: SseOptions;
  #endpoint: string | undefined;
  /** Aborted when the stream is lost. */
  #stream = new AbortController();
  /** Resolves when the stream is open (again). */
  #open: Promise<void> = Promise.resolve();

  constructor(options: SseOptions) {
    this.#options = options;
  }

  async post(frame: Frame): Promise<void> {
    const { session } = this.#options;
    if ('method' in frame.message && 'id' in frame.message) session.noteRequest(frame.message);
    await this.#open;
    await this.#postNow(frame);
  }

  /** Nothing is answered once the stream is lost: what was on its way then is sent to the new one, where that does no harm. */
  async #postNow(frame: Frame): Promise<void> {
    const endpoint = this.#endpoint;
    const stream = this.#stream;
    const first = await this.#postTo(endpoint, frame, stream.signal).catch((error: unknown) => {
      if (!stream.signal.aborted) throw error;
      if (isRepeatable(frame.message) || neverSent(error)) return undefined;
      throw new McpmError('NETWORK', 'the stream broke before the answer', { cause: error });
    });
    if (first?.ok) return;
    await this.#open;
    const again =
      first && this.#endpoint === endpoint ? first : await this.#postTo(this.#endpoint, frame);
    if (!again.ok)
      throw new McpmError('NETWORK', `HTTP ${again.status} ${again.statusText}`.trim());
  }

  async #postTo(
    endpoint: string | undefined,
    frame: Frame,
    stream?: AbortSignal,
  ): Promise<Response> {
    const { channel, session, signal, url } = this.#options;
    const response = await channel.exchange({
      method: 'POST',
      url: endpoint ?? url,
      headers: { 'content-type': 'application/json', ...session.headers() },
      body: bytesOf(frame),
      signal: stream ? AbortSignal.any([signal, stream]) : signal,
      patient: true,
      repeatable: isRepeatable(frame.message),
    });
    await discard(response);
    return response;
  }

  /** Open the stream and wait for the address to post to; false when there is none to be had. */
  async connect(): Promise<boolean> {
    const { channel, signal, url, session, inbox } = this.#options;
    const response = await channel.exchange({
      method: 'GET',
      url,
      headers: { accept: 'text/event-stream', ...session.headers() },
      signal,
      patient: true,
      repeatable: true,
    });
    if (!response.ok || !isEventStream(response)) {
      await discard(response);
      return false;
    }
    const events = readEvents(bodyOf(response), inbox.maxFrameBytes);
    const first = await events.next();
    if (first.done || first.value.event !== 'endpoint' || !first.value.data?.length) return false;
    this.#endpoint = endpointOf(first.value.data.toString(), url);
    void this.#read(events);
    return true;
  }

  async #read(events: AsyncGenerator<ServerSentEvent>): Promise<void> {
    const { inbox, signal, onLost } = this.#options;
    let reason = 'the server closed the stream';
    try {
      for await (const event of events) {
        await inbox.flow();
        if (event.data?.length && event.event === 'message') inbox.take(event.data);
      }
    } catch (error) {
      reason = `the stream broke: ${messageOf(error)}`;
    }
    if (signal.aborted) return;
    this.#stream.abort();
    this.#stream = new AbortController();
    this.#open = this.#reopen();
    this.#open.catch(() => {});
    onLost(reason);
  }

  /** Open the stream again, and the session with it, until it succeeds. */
  async #reopen(): Promise<void> {
    const { signal, debug } = this.#options;
    for (let wait = RECONNECT.first; ; wait = Math.min(wait * 2, RECONNECT.most)) {
      await sleep(wait, undefined, { signal });
      try {
        this.#options.session.forget();
        if (await this.connect()) return await this.#reinitialize();
      } catch (error) {
        debug(`reconnecting: ${messageOf(error)}`);
      }
    }
  }

  async #reinitialize(): Promise<void> {
    const { session, inbox } = this.#options;
    const { initialize, lasting } = session;
    if (!initialize) return;
    session.noteInitialized(await this.#ask(initialize));
    await this.#postTo(this.#endpoint, { message: notificationOf('notifications/initialized') });
    for (const request of lasting) await this.#ask(request);
    for (const method of session.listChanges()) inbox.put(notificationOf(method));
  }

  /** A request of our own, beside those of the client. */
  #ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const expected = this.#options.inbox.expect(resolve);
      const refuse = (reason: unknown) => {
        expected.forget();
        reject(reason instanceof Error ? reason : new Error(String(reason)));
      };
      this.#postTo(this.#endpoint, { message: { ...request, id: expected.id } }).then(
        ({ ok, status }) => ok || refuse(`${request.method}: HTTP ${status}`),
        refuse,
      );
      setTimeout(() => refuse(`${request.method} was not answered`), ANSWER_LIMIT).unref();
    });
  }
}

/**
 * The address to post to, which must be on the server the stream came from: credentials go along.
 * @throws McpmError NETWORK for another origin.
 */
function endpointOf(endpoint: string, stream: string): string {
  const url = new URL(endpoint, stream);
  if (url.origin === new URL(stream).origin) return url.href;
  throw new McpmError('NETWORK', `The server wants messages sent to another host, ${url.origin}`);
}
