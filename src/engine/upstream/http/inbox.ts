/** What arrives from a server over HTTP: messages apart, its own answers taken out, delivery held while the receiver is full. */
import { isOversized, type Oversized } from '../../frames/collector.ts';
import { type Frame, frameOf, headOf, onOneLine, relate } from '../../frames/frame.ts';
import type { Message, RequestId, Response } from '../../json-rpc.ts';
import { Intake, type IntakeOptions } from '../intake.ts';

/** What an inbox works with. */
export interface InboxOptions extends IntakeOptions {
  /** Sees each frame before it is delivered, and may put another in its place, or none. */
  readonly inspect: (frame: Frame) => Frame | undefined;
}

/** Takes messages off the wire, one or a batch at a time, and hands frames on. */
export class Inbox {
  /** The largest message, in bytes. */
  readonly maxFrameBytes: number;
  readonly #options: InboxOptions;
  readonly #intake: Intake;
  readonly #own = new Map<RequestId, (answer: Response) => void>();
  #counter = 0;
  #gate: { readonly open: Promise<void>; readonly release: () => void } | undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.maxFrameBytes = options.limits.maxFrameBytes;
    this.#intake = new Intake({
      ...options,
      deliver: (frame, relatedTo) => this.#takeOne(relate(frame, relatedTo)),
    });
  }

  /**
   * A message arrived on the response stream of `relatedTo`, or on none. False: it cannot be read, and it is not known which request it
   * answers; it goes nowhere.
   */
  take(data: Buffer | Oversized, relatedTo?: RequestId): boolean {
    if (isOversized(data)) return this.#intake.oversized(data);
    return this.#intake.take(onOneLine(data), undefined, relatedTo);
  }

  /** The answer to a request cannot be read. */
  fail(id: RequestId, why: string): void {
    this.#intake.fail(id, why);
  }

  /** A message made here instead of by the server. */
  put(message: Message, relatedTo?: RequestId): void {
    this.#takeOne(frameOf(message, relatedTo));
  }

  #takeOne(frame: Frame): void {
    const { id, method } = headOf(frame);
    const own = method === undefined && id !== undefined ? this.#own.get(id) : undefined;
    if (own && id !== undefined) {
      this.#own.delete(id);
      own(frame.message as Response);
      return;
    }
    const inspected = this.#options.inspect(frame);
    if (inspected) this.#options.deliver(inspected);
  }

  /** An id for a request of our own, whose answer is given to `take` instead of the engine. `forget` it when none will come. */
  expect(take: (answer: Response) => void): { readonly id: string; forget(): void } {
    const id = `mcpm:${++this.#counter}`;
    this.#own.set(id, take);
    return { id, forget: () => void this.#own.delete(id) };
  }

  /** Resolves when messages may be delivered: at once, unless the receiver is full. */
  async flow(): Promise<void> {
    await this.#gate?.open;
  }

  pause(): void {
    if (this.#gate) return;
    let release = () => {};
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#gate = { open, release };
  }

  resume(): void {
    this.#gate?.release();
    this.#gate = undefined;
  }
}
