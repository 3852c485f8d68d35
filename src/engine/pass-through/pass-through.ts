/**
 * One client on stdio, one server: every message passes as the bytes it came in, with a tap. The client's own `initialize` reaches the
 * server, once. Only when the server goes down does this side speak for itself.
 */

import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { OpenCalls, type UsageSink } from '../calls.ts';
import { StdioClient } from '../downstream/stdio.ts';
import { clientName, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { errorOf, type RequestId, RPC } from '../json-rpc.ts';
import { Backoff } from '../restart.ts';
import type { EngineSettings } from '../settings.ts';
import type { Upstream, UpstreamExit, UpstreamFactory } from '../upstream/types.ts';
import { Replay } from './replay.ts';

/** What it joins. */
export interface PassThroughOptions {
  readonly ctx: Context;
  readonly name: string;
  readonly upstream: UpstreamFactory;
  readonly settings: EngineSettings;
  readonly recorder: UsageSink | undefined;
}

/** One run. */
export class PassThrough {
  readonly #options: PassThroughOptions;
  readonly #client: StdioClient;
  readonly #calls: OpenCalls;
  readonly #replay = new Replay();
  readonly #backoff: Backoff;
  /** Requests of the server that the client has not answered; and those of a server that is gone. */
  readonly #asked = new Set<RequestId>();
  readonly #stale = new Set<RequestId>();
  #waiting: Frame[] = [];
  #upstream: Upstream;
  #ready = false;
  #initializeId: RequestId | undefined;
  #ending = false;
  #restart: NodeJS.Timeout | undefined;
  #finish: (error?: McpmError) => void = () => {};
  #drained: (() => void) | undefined;

  constructor(options: PassThroughOptions) {
    this.#options = options;
    this.#calls = new OpenCalls(options.name, options.recorder);
    this.#backoff = new Backoff(options.settings);
    this.#upstream = options.upstream();
    this.#client = new StdioClient(options.ctx, options.settings, {
      onMessage: (frame) => this.#fromClient(frame),
      onDrain: () => this.#upstream.resume(),
      onEnd: () => void this.#clientEnded(),
    });
  }

  /**
   * Run until the client closes its end or `close()` is called.
   * @throws McpmError SERVER_START or RUNTIME_MISSING when the server does not come up; SERVER_EXIT when it keeps going down.
   */
  async run(): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error ? reject(error) : resolve());
    });
    this.#client.open();
    this.#start().catch((error: unknown) => this.#finish(error as McpmError));
    try {
      await done;
    } finally {
      await this.close();
    }
  }

  /** End the server and let go of the client. */
  async close(): Promise<void> {
    this.#ending = true;
    clearTimeout(this.#restart);
    await this.#upstream.close();
    this.#client.close();
    this.#finish();
  }

  async #start(): Promise<void> {
    const upstream = this.#upstream;
    await upstream.start({
      onMessage: (frame) => this.#fromServer(frame),
      onDrain: () => this.#client.resume(),
      onClose: (exit) => this.#serverEnded(exit),
    });
    this.#backoff.up();
    this.#ready = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) this.#forward(frame);
  }

  #fromClient(frame: Frame): void {
    const { id, method } = headOf(frame);
    if (method === undefined) {
      if (id !== undefined && !this.#asked.delete(id) && this.#stale.delete(id)) return;
    } else {
      this.#replay.note(method, frame);
      if (id !== undefined) {
        this.#calls.begin(id, method, frame);
        if (method === 'initialize') this.#opened(id, frame);
      }
    }
    if (this.#ready) this.#forward(frame);
    else this.#waiting.push(frame);
  }

  #opened(id: RequestId, frame: Frame): void {
    this.#initializeId = id;
    const { recorder, ctx } = this.#options;
    const client = clientName(paramsOf(frame.message)?.['clientInfo']);
    recorder?.session({ session: 'stdio', at: ctx.now().getTime(), ...client });
  }

  #forward(frame: Frame): void {
    if (!this.#upstream.send(frame)) this.#client.pause();
  }

  #fromServer(frame: Frame): void {
    const { id, method } = headOf(frame);
    if (id !== undefined) {
      if (method !== undefined) this.#asked.add(id);
      else if (!this.#calls.end(id, frame) && this.#replay.swallows(id)) return;
      if (id === this.#initializeId && method === undefined) this.#initializeId = undefined;
    }
    if (!this.#client.send(frame)) this.#upstream.pause();
    if (this.#drained && this.#calls.size === 0) this.#drained();
  }

  /** The client closed its end: what it still waits for is answered first, within limits. */
  async #clientEnded(): Promise<void> {
    if (this.#ending) return;
    if (this.#calls.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#options.settings.drainMs);
        this.#drained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#finish();
  }

  #serverEnded(exit: UpstreamExit): void {
    if (this.#ending || exit.expected) return;
    this.#ready = false;
    const { name, ctx, settings } = this.#options;
    const early = !this.#replay.opened || this.#initializeId !== undefined;
    const why = `server "${name}" ${exit.reason}`;
    const data = { server: name, reason: exit.reason, stderr: exit.tail };
    for (const id of this.#calls.abandon('server exited')) {
      this.#client.send(frameOf(errorOf(id, RPC.SERVER_DOWN, why, data)));
    }
    this.#drained?.();
    for (const id of this.#asked) this.#stale.add(id);
    this.#asked.clear();
    const delay = this.#backoff.down();
    if (early || this.#backoff.failures > settings.maxRestarts) {
      this.#finish(exitError(name, exit, early));
      return;
    }
    ctx.log.warn(`${why}; starting it again in ${delay} ms`);
    this.#restart = setTimeout(() => this.#startAgain(), delay);
  }

  #startAgain(): void {
    this.#upstream = this.#options.upstream();
    this.#waiting.unshift(...this.#replay.frames());
    this.#start().catch((error: unknown) => this.#finish(error as McpmError));
  }
}

/** The failure of a server that is over for good. */
export function exitError(name: string, exit: UpstreamExit, early: boolean): McpmError {
  const tail = exit.tail === '' ? '' : `; its last lines were:\n${exit.tail}`;
  const when = early ? ' before it was ready' : ', again and again';
  return new McpmError(
    early ? 'SERVER_START' : 'SERVER_EXIT',
    `server "${name}" ${exit.reason}${when}${tail}`,
    {
      hint: `Check its command and settings with \`mcpm edit ${name}\`.`,
      data: { server: name, reason: exit.reason, stderr: exit.tail },
    },
  );
}
