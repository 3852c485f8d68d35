/** A server on the network as the engine sees it: Streamable HTTP, or the HTTP+SSE of old where that is all it speaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteServer } from '../../../config/types.ts';
import type { Context } from '../../../context.ts';
import { McpmError, messageOf } from '../../../errors.ts';
import { bytesOf, type Frame, frameOf, headOf, sizeOf } from '../../frames/frame.ts';
import {
  type Response as Answer,
  errorOf,
  isNotification,
  isRequest,
  type Message,
  notificationOf,
  type Request,
  type RequestId,
  RPC,
} from '../../json-rpc.ts';
import type { IntakeLimits } from '../intake.ts';
import type { Upstream, UpstreamHandlers, UpstreamState } from '../types.ts';
import { discard } from './body.ts';
import { type Authorizer, Channel } from './channel.ts';
import { type Pending, statelessVersion } from './exchanges.ts';
import { Inbox } from './inbox.ts';
import { OfferedTools } from './offered-tools.ts';
import { refusalOf } from './refusal.ts';
import { isRepeatable } from './repeatable.ts';
import { missedChanges } from './session.ts';
import { openSse, type SseChannel } from './sse.ts';
import { Streamable } from './streamable.ts';

/** Bytes on their way out beyond which `send` asks the sender to wait. */
const OUTBOUND_LIMIT = 16 * 1024 * 1024;
/** Statuses with which a server of the old HTTP+SSE transport answers a POST to its stream's URL. */
const NOT_STREAMABLE = new Set([400, 404, 405]);

/** What a remote upstream is made of. */
export interface HttpUpstreamOptions {
  readonly ctx: Context;
  readonly server: RemoteServer;
  readonly limits: IntakeLimits;
  /** The server's headers with their references resolved. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Who gets and renews credentials; absent when the headers carry them. */
  readonly authorizer?: () => Promise<Authorizer>;
}

/** Make an idle upstream of a remote server. */
export function createHttpUpstream(options: HttpUpstreamOptions): Upstream {
  return new HttpUpstream(options);
}

class HttpUpstream implements Upstream {
  readonly name: string;
  state: UpstreamState = 'idle';
  readonly #options: HttpUpstreamOptions;
  readonly #end = new AbortController();
  readonly #pending = new Map<RequestId, Pending>();
  readonly #tools: OfferedTools;
  readonly #inbox: Inbox;
  #handlers: UpstreamHandlers | undefined;
  #channel: Channel | undefined;
  #streamable: Streamable | undefined;
  #sse: SseChannel | undefined;
  /** Resolves once `notifications/initialized` has reached the server: what follows must not overtake it. */
  #confirmed: Promise<void> = Promise.resolve();
  #outbound = 0;
  #waiting: boolean = false;

  constructor(options: HttpUpstreamOptions) {
    this.#options = options;
    this.name = options.server.name;
    this.#tools = new OfferedTools((text) => options.ctx.log.warn(`${this.name}: ${text}`));
    this.#inbox = new Inbox({
      name: this.name,
      limits: options.limits,
      warn: (text) => options.ctx.log.warn(text),
      deliver: (frame) => {
        if (this.state === 'up') this.#handlers?.onMessage(frame);
      },
      inspect: (frame) => this.#inspect(frame),
    });
  }

  get transport(): 'http' | 'sse' {
    return this.#sse ? 'sse' : 'http';
  }

  async start(handlers: UpstreamHandlers): Promise<void> {
    const { ctx, server, authorizer } = this.#options;
    this.state = 'starting';
    if (!URL.canParse(server.url))
      throw new McpmError('SERVER_START', `${this.name}: ${server.url} is not a URL`, {
        hint: `mcpm edit ${this.name} --url https://…`,
      });
    const headers = await this.#options.headers();
    this.#channel = new Channel({ fetch: ctx.fetch, headers, authorizer: await authorizer?.() });
    this.#streamable = new Streamable({
      url: server.url,
      channel: this.#channel,
      inbox: this.#inbox,
      tools: this.#tools,
      signal: this.#end.signal,
      debug: (text) => ctx.log.debug(`${this.name}: ${text}`),
    });
    this.#handlers = handlers;
    this.state = 'up';
  }

  send(frame: Frame): boolean {
    if (this.state !== 'up') return true;
    const wire = frame.bytes ? frame : { ...frame, bytes: bytesOf(frame) };
    const size = sizeOf(wire);
    this.#outbound += size;
    void this.#dispatch(wire).finally(() => {
      this.#outbound -= size;
      if (!this.#waiting || this.#outbound > OUTBOUND_LIMIT) return;
      this.#waiting = false;
      this.#handlers?.onDrain();
    });
    this.#waiting ||= this.#outbound > OUTBOUND_LIMIT;
    return !this.#waiting;
  }

  pause(): void {
    this.#inbox.pause();
  }

  resume(): void {
    this.#inbox.resume();
  }

  async close(): Promise<void> {
    if (this.state === 'down') return;
    const started = this.state === 'up';
    this.state = 'down';
    this.#inbox.resume();
    await this.#streamable?.end();
    this.#end.abort();
    if (started) this.#handlers?.onClose({ expected: true, reason: 'closed', tail: '' });
  }

  async #dispatch(frame: Frame): Promise<void> {
    const { message } = frame;
    try {
      if (isRequest(message)) await this.#request(frame, message);
      else if (!this.#cancelsStateless(message)) await this.#oneWay(frame);
    } catch (error) {
      this.#options.ctx.log.debug(`${this.name}: ${messageOf(error)}`);
    }
  }

  /** In the stateless era, cancelling is closing the response stream; nothing is sent. */
  #cancelsStateless(message: Message): boolean {
    if (!isNotification(message) || message.method !== 'notifications/cancelled') return false;
    const pending = this.#pending.get(message.params?.requestId as RequestId);
    if (!pending || statelessVersion(pending.request) === undefined) return false;
    pending.abort.abort();
    return true;
  }

  async #oneWay(frame: Frame): Promise<void> {
    const { message } = frame;
    if (isNotification(message) && message.method === 'notifications/initialized') {
      this.#confirmed = this.#sse ? this.#sse.post(frame) : this.#http().confirm(frame);
      return this.#confirmed;
    }
    await this.#confirmed.catch(() => {});
    if (this.#sse) return this.#sse.post(frame);
    const response = await this.#http().post(frame, this.#end.signal);
    await discard(response);
  }

  #http(): Streamable {
    if (!this.#streamable) throw new Error(`${this.name} was not started`);
    return this.#streamable;
  }

  async #request(frame: Frame, request: Request): Promise<void> {
    const pending: Pending = { request, abort: new AbortController(), answered: false };
    this.#pending.set(request.id, pending);
    try {
      if (request.method !== 'initialize') await this.#confirmed.catch(() => {});
      if (this.#sse) await this.#postOnSse(this.#sse, frame, pending);
      else await this.#ask(frame, pending);
      if (this.#sse || pending.answered || pending.abort.signal.aborted) return;
      this.#fail(pending, 'the connection ended before the answer');
    } catch (error) {
      if (!pending.answered && !pending.abort.signal.aborted) this.#fail(pending, error);
    } finally {
      if (!this.#sse || pending.answered) this.#pending.delete(request.id);
    }
  }

  /** One request over Streamable HTTP, up to its answer. */
  async #ask(frame: Frame, pending: Pending): Promise<void> {
    const streamable = this.#http();
    const { signal } = pending.abort;
    let response = await streamable.post(frame, signal);
    if (response.ok) return this.#follow(response, pending, frame);
    const refused = { id: pending.request.id, server: this.name };
    let refusal = await refusalOf(response, refused);
    if (pending.request.method === 'initialize' && NOT_STREAMABLE.has(response.status)) {
      this.#sse = await this.#openSse();
      if (this.#sse) return this.#postOnSse(this.#sse, frame, pending);
    }
    if (refusal.error?.code === RPC.HEADER_MISMATCH && pending.request.method === 'tools/call') {
      await streamable.refreshTools(pending.request);
      response = await streamable.post(frame, signal);
      if (response.ok) return this.#follow(response, pending, frame);
      refusal = await refusalOf(response, refused);
    }
    this.#inbox.put(refusal, pending.request.id);
  }

  /** Deliver what a response brings. A stream of notices that ends without being asked to is opened again. */
  async #follow(first: Response, pending: Pending, frame: Frame): Promise<void> {
    const streamable = this.#http();
    await streamable.receive(first, pending);
    if (pending.request.method !== 'subscriptions/listen') return;
    const { signal } = pending.abort;
    for (let wait = 1_000; !pending.answered; wait = Math.min(wait * 2, 30_000)) {
      await sleep(wait, undefined, { signal: AbortSignal.any([signal, this.#end.signal]) });
      const response = await streamable.post(frame, signal);
      if (!response.ok)
        return this.#inbox.put(
          await refusalOf(response, { id: pending.request.id, server: this.name }),
        );
      for (const method of missedChanges(pending.request)) this.#inbox.put(notificationOf(method));
      await streamable.receive(response, pending);
    }
  }

  /** The answer comes on the stream, sooner or later. */
  async #postOnSse(sse: SseChannel, frame: Frame, pending: Pending): Promise<void> {
    await sse.post(frame);
    pending.accepted = true;
  }

  /** What the server had accepted will not be answered: it is asked again where that does no harm, else it fails. */
  #lostSse(reason: string): void {
    for (const pending of [...this.#pending.values()].filter(({ accepted }) => accepted)) {
      const { request } = pending;
      if (!this.#sse || !isRepeatable(request)) this.#fail(pending, reason);
      else {
        pending.accepted = false;
        this.#postOnSse(this.#sse, { message: request }, pending).catch((error: unknown) =>
          this.#fail(pending, error),
        );
      }
    }
  }

  #openSse(): Promise<SseChannel | undefined> {
    return openSse({
      url: this.#options.server.url,
      channel: this.#channel as Channel,
      inbox: this.#inbox,
      session: this.#http().session,
      signal: this.#end.signal,
      debug: (text) => this.#options.ctx.log.debug(`${this.name}: ${text}`),
      onLost: (reason) => this.#lostSse(reason),
    });
  }

  /** Note what passes on its way in: answers close their requests, and some of them teach. */
  #inspect(frame: Frame): Frame | undefined {
    const { id, method } = headOf(frame);
    const pending = method === undefined && id !== undefined ? this.#pending.get(id) : undefined;
    if (!pending) return frame;
    const { request } = pending;
    pending.answered = true;
    this.#pending.delete(request.id);
    if (request.method === 'initialize') this.#http().session.noteInitialized(frame.message);
    if (request.method !== 'tools/list' || statelessVersion(request) === undefined) return frame;
    const message = frame.message as Answer;
    if (!message.result) return frame;
    const result = this.#tools.learn(message.result);
    if (result === message.result) return frame;
    return frameOf({ ...message, result }, frame.relatedTo);
  }

  #fail(pending: Pending, error: unknown): void {
    const { id } = pending.request;
    const { code, hint }: Partial<McpmError> = error instanceof McpmError ? error : {};
    // Clients show their users the message alone.
    const text = `${typeof error === 'string' ? error : messageOf(error)}${hint ? ` (${hint})` : ''}`;
    const data = {
      server: this.name,
      ...(code !== undefined && { code }),
      ...(hint !== undefined && { hint }),
    };
    const message = text.startsWith(`${this.name} `) ? text : `${this.name}: ${text}`;
    this.#inbox.put(errorOf(id, RPC.SERVER_DOWN, message, data), id);
  }
}
