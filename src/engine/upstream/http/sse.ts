/** The HTTP+SSE transport of revision 2024-11-05: one stream in, POSTs out to the address it names. */
import { setTimeout as sleep } from 'node:timers/promises';
import { McpmError, messageOf } from '../../../errors.ts';
import { bytesOf, type Frame } from '../../frames/frame.ts';
import { notificationOf, type Request, type Response } from '../../json-rpc.ts';
import { bodyOf, discard, isEventStream } from './body.ts';
import type { Channel } from './channel.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';
import type { Inbox } from './inbox.ts';
import { isRepeatable } from './repeatable.ts';
import type { HttpSession } from './session.ts';

/** Waits before the stream is opened again, in milliseconds. */
const RECONNECT = { first: 500, most: 30_000 };

/** What the transport works with. */
export interface SseOptions {
  readonly url: string;
  readonly channel: Channel;
  readonly inbox: Inbox;
  readonly session: HttpSession;
  readonly maxFrameBytes: number;
  readonly signal: AbortSignal;
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

  async #postNow(frame: Frame): Promise<void> {
    const { channel, session, signal, url } = this.#options;
    const response = await channel.exchange({
      method: 'POST',
      url: this.#endpoint ?? url,
      headers: { 'content-type': 'application/json', ...session.headers() },
      body: bytesOf(frame),
      signal,
      patient: true,
      repeatable: isRepeatable(frame.message),
    });
    await discard(response);
    if (!response.ok)
      throw new McpmError('NETWORK', `HTTP ${response.status} ${response.statusText}`.trim());
  }

  /** Open the stream and wait for the address to post to; false when there is none to be had. */
  async connect(): Promise<boolean> {
    const { channel, signal, url, session, maxFrameBytes } = this.#options;
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
    const events = readEvents(bodyOf(response), maxFrameBytes);
    const first = await events.next();
    if (first.done || first.value.event !== 'endpoint' || !first.value.data) return false;
    this.#endpoint = endpointOf(first.value.data, url);
    void this.#read(events);
    return true;
  }

  async #read(events: AsyncGenerator<ServerSentEvent>): Promise<void> {
    const { inbox, signal, onLost } = this.#options;
    let reason = 'the server closed the stream';
    try {
      for await (const event of events) {
        await inbox.flow();
        if (event.data && event.event === 'message') inbox.take(event.data);
      }
    } catch (error) {
      reason = `the stream broke: ${messageOf(error)}`;
    }
    if (signal.aborted) return;
    this.#open = this.#reopen();
    this.#open.catch(() => {});
    onLost(reason);
  }

  async #reopen(): Promise<void> {
    const { signal, session } = this.#options;
    session.forget();
    for (let wait = RECONNECT.first; ; wait = Math.min(wait * 2, RECONNECT.most)) {
      await sleep(wait, undefined, { signal });
      if (await this.connect().catch(() => false)) break;
    }
    const { initialize, lasting } = session;
    if (!initialize) return;
    session.noteInitialized(await this.#ask(initialize));
    await this.#postNow({ message: notificationOf('notifications/initialized') });
    for (const request of lasting) await this.#ask(request);
    for (const method of session.listChanges()) this.#options.inbox.put(notificationOf(method));
  }

  #ask(request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      const { id } = this.#options.inbox.expect(resolve);
      this.#postNow({ message: { ...request, id } }).catch(reject);
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
