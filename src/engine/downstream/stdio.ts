/** The client on our own standard streams: frames in, frames out, nothing else on stdout. */
import type { Context } from '../../context.ts';
import type { Frame } from '../frames/frame.ts';
import { LineReader } from '../frames/line-reader.ts';
import { LineWriter } from '../frames/line-writer.ts';
import { isBatch, isUnreadable, parse } from '../frames/parse.ts';
import { idFromEnds } from '../frames/scan.ts';
import { errorOf, type Response, RPC } from '../json-rpc.ts';
import type { EngineSettings } from '../settings.ts';

/** What the client does. */
export interface ClientHandlers {
  onMessage(frame: Frame): void;
  /** After `send` returned false: more can be sent now. */
  onDrain(): void;
  /** The client closed its end, or does not read any more. */
  onEnd(): void;
}

/** One client on one pair of streams. */
export class StdioClient {
  readonly #ctx: Pick<Context, 'stdin' | 'stdout' | 'log'>;
  readonly #settings: EngineSettings;
  /** Who hears of what the client does; can be changed while it is open. */
  handlers: ClientHandlers;
  readonly #writer: LineWriter;
  readonly #reader: LineReader;
  #ended = false;
  #opened = false;

  constructor(
    ctx: Pick<Context, 'stdin' | 'stdout' | 'log'>,
    settings: EngineSettings,
    handlers: ClientHandlers,
  ) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.handlers = handlers;
    this.#writer = new LineWriter(
      ctx.stdout,
      () => this.handlers.onDrain(),
      () => this.#end(),
    );
    this.#reader = new LineReader(settings.maxFrameBytes, {
      onLine: (line, withEnd) => this.#receive(line, withEnd),
      onOversized: ({ length, head, tail }) => {
        const why = `the message has ${length} bytes, more than the limit of ${settings.maxFrameBytes}`;
        this.#refuse(idFromEnds(head, tail), RPC.INVALID_REQUEST, why);
      },
    });
  }

  /** Begin to read. Can be called again. */
  open(): void {
    const { stdin } = this.#ctx;
    if (this.#opened) return;
    this.#opened = true;
    stdin.on('data', this.#onData);
    stdin.on('end', this.#onEnd);
    stdin.on('close', this.#onEnd);
    stdin.on('error', this.#onEnd);
  }

  send(frame: Frame): boolean {
    return this.#writer.send(frame);
  }

  pause(): void {
    this.#ctx.stdin.pause();
  }

  resume(): void {
    if (!this.#ended) this.#ctx.stdin.resume();
  }

  /** Stop reading and hand over what is still to be written. The streams stay open: they are not ours. */
  close(): void {
    const { stdin } = this.#ctx;
    this.#ended = true;
    stdin.off('data', this.#onData);
    stdin.off('end', this.#onEnd);
    stdin.off('close', this.#onEnd);
    stdin.off('error', this.#onEnd);
    stdin.pause();
    (stdin as { unref?: () => void }).unref?.();
    this.#writer.flush();
  }

  readonly #onData = (chunk: Buffer | string) => {
    this.#reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  };

  readonly #onEnd = () => {
    this.#reader.end();
    this.#end();
  };

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.handlers.onEnd();
  }

  #receive(line: Buffer, withEnd: Buffer): void {
    const parsed = parse(line, this.#settings.maxDepth, withEnd);
    if (isUnreadable(parsed)) {
      const json = parsed.why !== 'not-json';
      const why = {
        'not-json': 'Parse error',
        'not-a-message': 'Invalid request',
        'too-deep': `nested deeper than ${this.#settings.maxDepth} levels`,
      };
      this.#refuse(parsed.head?.id, json ? RPC.INVALID_REQUEST : RPC.PARSE, why[parsed.why]);
    } else if (isBatch(parsed)) {
      for (const frame of parsed) this.handlers.onMessage(frame);
    } else this.handlers.onMessage(parsed);
  }

  /** JSON-RPC 2.0: the id of an answer is null when that of the request cannot be told. */
  #refuse(id: string | number | undefined, code: number, why: string): void {
    const answer = errorOf(id ?? 0, code, why);
    const message = id === undefined ? { ...answer, id: null } : answer;
    this.send({ message: message as Response });
  }
}
