/**
 * One client on stdio, one server: every message passes as the bytes it came in, with a tap. The client's own `initialize` reaches the
 * server, once. Only when the server goes down does this side speak for itself; and only when the two do not speak the same era of the
 * protocol is the conversation handed over to a router, which translates.
 */

import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { OpenCalls, type UsageSink } from '../calls.ts';
import { StdioClient } from '../downstream/stdio.ts';
import { clientName, META, metaOf, modernVersionOf, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { errorOf, type RequestId, type Response, RPC } from '../json-rpc.ts';
import { Backoff } from '../restart.ts';
import type { EngineSettings } from '../settings.ts';
import type {
  Upstream,
  UpstreamExit,
  UpstreamFactory,
  UpstreamHandlers,
} from '../upstream/types.ts';
import { Replay } from './replay.ts';

/** What it joins. */
export interface PassThroughOptions {
  readonly ctx: Context;
  readonly name: string;
  readonly upstream: UpstreamFactory;
  readonly settings: EngineSettings;
  readonly recorder: UsageSink | undefined;
  /** Whether the server is known to speak the new era. */
  speaksModern(): Promise<boolean>;
  /** Go on with the client, the server and what the client has said, in another way. Resolves when the client is gone. */
  handOver(client: StdioClient, upstream: Upstream, said: readonly Frame[]): Promise<void>;
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
  /** Where what the server does goes: here, until the conversation is handed over. */
  #sink: UpstreamHandlers = {
    onMessage: (frame) => this.#fromServer(frame),
    onDrain: () => this.#client.resume(),
    onClose: (exit) => this.#serverEnded(exit),
  };
  /** What the client said before it is clear how the conversation goes on. */
  #undecided: Frame[] | undefined = [];
  #ready = false;
  /** The `initialize` that was not answered yet. */
  #initialize: { readonly id: RequestId; readonly frame: Frame } | undefined;
  #started: Promise<void> | undefined;
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
    this.#started = this.#start();
    this.#started.catch((error: unknown) => this.#finish(error as McpmError));
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
      onMessage: (frame) => this.#sink.onMessage(frame),
      onDrain: () => this.#sink.onDrain(),
      onClose: (exit) => this.#sink.onClose(exit),
    });
    this.#backoff.up();
    this.#ready = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) this.#forward(frame);
  }

  #fromClient(frame: Frame): void {
    if (this.#undecided) this.#decide(frame, this.#undecided);
    else this.#pass(frame);
  }

  /** The first message tells the client's era. `initialize` goes to the server, whose answer tells its own. */
  #decide(frame: Frame, said: Frame[]): void {
    said.push(frame);
    if (said.length > 1) return;
    if (modernVersionOf(paramsOf(frame.message)) === undefined) {
      this.#undecided = undefined;
      this.#pass(frame);
      return;
    }
    void this.#options.speaksModern().then((modern) => {
      this.#undecided = undefined;
      if (!modern) this.#handOver(said);
      else {
        this.#begun(metaOf(paramsOf(frame.message))?.[META.clientInfo]);
        for (const one of said) this.#pass(one);
      }
    });
  }

  #handOver(said: readonly Frame[]): void {
    const upstream = this.#upstream;
    const adopted: Upstream = {
      name: upstream.name,
      transport: upstream.transport,
      state: 'idle',
      start: async (handlers) => {
        this.#sink = handlers;
        await this.#started;
      },
      send: (frame) => upstream.send(frame),
      pause: () => upstream.pause(),
      resume: () => upstream.resume(),
      close: () => upstream.close(),
    };
    this.#options.handOver(this.#client, adopted, said).then(
      () => this.#finish(),
      (error: unknown) => this.#finish(error as McpmError),
    );
  }

  #pass(frame: Frame): void {
    const { id, method } = headOf(frame);
    if (method === undefined) {
      if (id !== undefined && !this.#asked.delete(id) && this.#stale.delete(id)) return;
    } else {
      this.#replay.note(method, frame);
      if (id !== undefined) {
        this.#calls.begin(id, method, frame);
        if (method === 'initialize') this.#initialize = { id, frame };
      }
    }
    if (this.#ready) this.#forward(frame);
    else this.#waiting.push(frame);
  }

  /** The client is known, and stays here: after a handing over the router's session is the one. */
  #begun(clientInfo: unknown): void {
    const { recorder, ctx } = this.#options;
    recorder?.session({
      session: 'stdio',
      at: ctx.now().getTime(),
      ...clientName(clientInfo),
    });
  }

  #forward(frame: Frame): void {
    if (!this.#upstream.send(frame)) this.#client.pause();
  }

  #fromServer(frame: Frame): void {
    const { id, method, failed } = headOf(frame);
    if (id !== undefined) {
      if (method !== undefined) this.#asked.add(id);
      else if (!this.#calls.end(id, frame) && this.#replay.swallows(id)) return;
      if (id === this.#initialize?.id && method === undefined && this.#refused(frame, failed))
        return;
    }
    if (!this.#client.send(frame)) this.#upstream.pause();
    if (this.#drained && this.#calls.size === 0) this.#drained();
  }

  /**
   * The answer to `initialize` is here. A server that does not want it may speak the new era alone; one that could not be reached has
   * said nothing.
   */
  #refused(answer: Frame, failed: boolean): boolean {
    const said = this.#initialize?.frame;
    this.#initialize = undefined;
    if (!failed && said) this.#begun(paramsOf(said.message)?.['clientInfo']);
    if (!failed || !said) return false;
    if ((answer.message as Response).error?.code === RPC.SERVER_DOWN) return false;
    this.#handOver([said]);
    return true;
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
    const early = !this.#replay.opened || this.#initialize !== undefined;
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
function exitError(name: string, exit: UpstreamExit, early: boolean): McpmError {
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
