/** Where everything a remote server sends arrives: told apart into answers to our own requests and messages for the engine. */
import type { Frame } from '../../frames/frame.ts';
import {
  isObject,
  isResponse,
  type Message,
  type RequestId,
  type Response,
} from '../../json-rpc.ts';

/** What may be done with a message before it is delivered: nothing, another message instead, or no delivery (`undefined`). */
export type Inspect = (message: Message) => Message | undefined;

/** Takes texts off the wire, one message or a batch each, and hands frames on. */
export class Inbox {
  readonly #deliver: (frame: Frame) => void;
  readonly #inspect: Inspect;
  readonly #own = new Map<RequestId, (answer: Response) => void>();
  #counter = 0;
  #gate: { readonly open: Promise<void>; readonly release: () => void } | undefined;

  constructor(deliver: (frame: Frame) => void, inspect: Inspect) {
    this.#deliver = deliver;
    this.#inspect = inspect;
  }

  /** A text arrived on the response stream of `relatedTo`, or on none. Says whether it was JSON; what is not goes nowhere. */
  take(text: string, relatedTo?: RequestId): boolean {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      return false;
    }
    if (Array.isArray(parsed)) for (const message of parsed) this.#takeOne(message, relatedTo);
    else this.#takeOne(parsed, relatedTo, text);
    return true;
  }

  /** A message made here instead of by the server. */
  put(message: Message, relatedTo?: RequestId): void {
    this.#takeOne(message, relatedTo);
  }

  #takeOne(message: unknown, relatedTo?: RequestId, text?: string): void {
    if (!isObject(message)) return;
    const arrived = message as unknown as Message;
    if (isResponse(arrived)) {
      const own = this.#own.get(arrived.id);
      if (own) {
        this.#own.delete(arrived.id);
        own(arrived);
        return;
      }
    }
    const inspected = this.#inspect(arrived);
    if (!inspected) return;
    const verbatim = inspected === arrived && text !== undefined;
    this.#deliver({
      message: inspected,
      // A JSON string holds no raw line ends, so they are white space here; a frame is one line.
      ...(verbatim && { bytes: Buffer.from(text.replace(/[\r\n]+/g, ' ')) }),
      ...(relatedTo !== undefined && { relatedTo }),
    });
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
