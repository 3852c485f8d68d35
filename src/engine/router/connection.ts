/** A server kept running and opened for one kind of client: the process, the handshake, our own questions, restarts with back-off. */
import type { Context } from '../../context.ts';
import { messageOf } from '../../errors.ts';
import type { ClientProfile } from '../eras/era.ts';
import { type Opening, OpeningRefused, openServer } from '../eras/handshake.ts';
import type { EraMemory } from '../eras/memory.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { errorOf, type Json, type RequestId, type Response, RPC } from '../json-rpc.ts';
import { Backoff } from '../restart.ts';
import type { EngineSettings } from '../settings.ts';
import type { Upstream, UpstreamExit } from '../upstream/types.ts';
import { failureAnswer, lastLines, ServerGone, shown } from './failure.ts';
import { StartLimit } from './start-limit.ts';
import { WireIds } from './wire-ids.ts';

/** How long a remote server may take to say of which era it is, in milliseconds. */
const REMOTE_PROBE_MS = 60_000;

/** Who asks for a server that is to be started again later than this is not kept waiting. */
const PATIENCE_MS = 1_000;

/** So many messages wait for a server that does not read before further requests fail. */
const MAX_UNREAD = 1_000;

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly name: string;
  readonly ctx: Context;
  readonly settings: EngineSettings;
  readonly profile: ClientProfile;
  readonly memory: EraMemory;
  /** A fresh upstream; the first may be one that was started already. */
  makeUpstream(): Upstream;
}

/** What a connection tells. */
export interface ConnectionHandlers {
  /** Any message but the answer to a question of our own. */
  onFrame(frame: Frame): void;
  /** Opened; also after each restart. */
  onUp(opening: Opening): void;
  /** Nothing in flight will be answered. */
  onDown(exit: UpstreamExit, wasUp: boolean): void;
}

/** See above. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #backoff: Backoff;
  readonly #limit: StartLimit;
  /** Of all requests to this server. */
  readonly ids: WireIds = new WireIds();
  readonly #own = new Map<RequestId, (frame: Frame | undefined) => void>();
  #upstream: Upstream;
  #opening: Opening | undefined;
  #ready: Promise<Opening>;
  #exit: UpstreamExit | undefined;
  #closed = false;
  /** After a failure: when the next start is due, or `undefined` once given up. */
  #failure: { readonly error: unknown; readonly retryAt: number | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How many messages were sent since the server's input was full. */
  #unread = 0;

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#backoff = new Backoff(options.settings);
    this.#limit = new StartLimit(options.settings.startTimeoutMs, () => this.#slow());
    this.#upstream = options.makeUpstream();
    this.#ready = this.#begin();
  }

  /** What the server said at the opening; undefined while it is not up. */
  get opening(): Opening | undefined {
    return this.#opening;
  }

  /**
   * Resolves when the server is up. One that was given up is tried again; one whose next start is not near fails at once.
   * @throws McpmError, OpeningRefused or ServerGone when it does not come up this time.
   */
  ready(): Promise<Opening> {
    const failure = this.#failure;
    if (!failure || this.#closed) return this.#ready;
    if (failure.retryAt === undefined) {
      this.#upstream = this.#options.makeUpstream();
      this.#ready = this.#begin();
      this.#ready.catch(() => {});
    }
    if (failure.retryAt !== undefined && failure.retryAt - performance.now() > PATIENCE_MS)
      return Promise.reject(failure.error);
    return this.#ready;
  }

  /** Settles when the server is up or has failed, or has taken longer to start than `startTimeoutMs`; at once when it did before. */
  async upInTime(): Promise<void> {
    await Promise.race([this.ready().catch(() => {}), this.#limit.passed]);
  }

  send(frame: Frame): void {
    this.#unread = this.#upstream.send(frame) ? 0 : this.#unread + 1;
  }

  /** The server does not read what it is sent: more would only fill our memory. */
  get jammed(): boolean {
    return this.#unread > MAX_UNREAD;
  }

  /** Ask the server something of our own. Never rejects: an answer with an error when the server is down. */
  async query(method: string, params: Json): Promise<Response> {
    try {
      await this.ready();
    } catch (error) {
      return failureAnswer(this.#options.name, error);
    }
    const answer = await this.#ask(method, params);
    return answer ?? errorOf(0, RPC.SERVER_DOWN, `server "${this.#options.name}" is down`);
  }

  /** Ask for something that is answered only when it ends. */
  stream(
    method: string,
    params: Json,
  ): { readonly id: RequestId; readonly ended: Promise<Response | undefined> } {
    const id = this.ids.make();
    return { id, ended: this.#ask(method, params, undefined, id) };
  }

  /** The server says that it ends a stream of our own without an answer. */
  ended(id: RequestId): void {
    this.#own.get(id)?.(undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#limit.end(false);
    this.#settleOwn();
    await this.#upstream.close();
  }

  #begin(): Promise<Opening> {
    this.#failure = undefined;
    this.#limit.begin();
    const ready = this.#open();
    ready.catch((error: unknown) => this.#failed(error));
    return ready;
  }

  async #open(): Promise<Opening> {
    const { settings, memory, profile, name } = this.#options;
    const upstream = this.#upstream;
    this.#exit = undefined;
    await upstream.start({
      onMessage: (frame) => this.#receive(frame),
      onDrain: () => {
        this.#unread = 0;
      },
      onClose: (exit) => this.#ended(exit),
    });
    if (this.#exit) throw new ServerGone(name, this.#exit);
    let opening: Opening;
    try {
      opening = await openServer(
        {
          ask: (method, params, limitMs) => this.#ask(method, params, limitMs),
          say: (method) => this.send(frameOf({ jsonrpc: '2.0', method })),
        },
        profile,
        memory,
        // On the network, silence is an outage and says nothing of the era.
        upstream.transport === 'stdio' ? settings.probeTimeoutMs : REMOTE_PROBE_MS,
      );
    } catch (error) {
      const exit = this.#exit as UpstreamExit | undefined;
      if (!exit) throw error;
      if (profile.era === 'modern' && memory.get() === undefined) memory.set('legacy');
      throw new ServerGone(name, exit);
    }
    if (this.#exit) throw new ServerGone(name, this.#exit);
    this.#backoff.up();
    this.#limit.end(true);
    this.#opening = opening;
    this.#handlers.onUp(opening);
    return opening;
  }

  /** Undefined: no answer within the limit, or the server went down. */
  #ask(
    method: string,
    params: Json,
    limitMs?: number,
    id: RequestId = this.ids.make(),
  ): Promise<Response | undefined> {
    if (this.#exit) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer =
        limitMs === undefined ? undefined : setTimeout(() => settle(undefined), limitMs);
      const settle = (frame: Frame | undefined) => {
        clearTimeout(timer);
        this.#own.delete(id);
        resolve(frame?.message as Response | undefined);
      };
      this.#own.set(id, settle);
      this.send(frameOf({ jsonrpc: '2.0', id, method, params }));
    });
  }

  #receive(frame: Frame): void {
    const { id, method } = headOf(frame);
    const own = method === undefined && id !== undefined ? this.#own.get(id) : undefined;
    if (own) own(frame);
    else this.#handlers.onFrame(frame);
  }

  #ended(exit: UpstreamExit): void {
    this.#exit = exit;
    this.#unread = 0;
    const wasUp = this.#opening !== undefined;
    this.#opening = undefined;
    this.#settleOwn();
    if (this.#closed) return;
    this.#handlers.onDown(exit, wasUp);
    if (wasUp) this.#again(new ServerGone(this.#options.name, exit));
  }

  #settleOwn(): void {
    for (const settle of [...this.#own.values()]) settle(undefined);
  }

  /** The start or the handshake failed. A server that a probe of the new era kills is one of the old: it is started again at once. */
  #failed(error: unknown): void {
    if (this.#closed) return;
    this.#limit.end(false);
    void this.#upstream.close();
    this.#again(error);
  }

  #slow(): void {
    const { ctx, settings, name } = this.#options;
    const why = `server "${name}" is not up after ${settings.startTimeoutMs} ms`;
    ctx.log.warn(`${why}; what does not need it goes on${shown(this.#upstream.tail)}`);
  }

  #again(error: unknown): void {
    const { ctx, settings, name } = this.#options;
    const delay = this.#backoff.down();
    const refused = error instanceof OpeningRefused && !error.outage;
    const why = refused ? `server "${name}" refused to begin: ${error.message}` : messageOf(error);
    if (refused || this.#backoff.failures > settings.maxRestarts) {
      ctx.log.warn(`${why}; it is given up until it is asked for again${lastLines(error)}`);
      this.#failure = { error, retryAt: undefined };
      return;
    }
    const again = error instanceof OpeningRefused ? 'trying' : 'starting it';
    ctx.log.warn(`${why}; ${again} again in ${delay} ms${lastLines(error)}`);
    this.#ready = new Promise((resolve, reject) => {
      this.#timer = setTimeout(() => {
        this.#upstream = this.#options.makeUpstream();
        this.#begin().then(resolve, reject);
      }, delay);
    });
    this.#ready.catch(() => {});
    this.#failure = { error, retryAt: performance.now() + delay };
  }
}
