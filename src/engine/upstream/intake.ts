/** What a server sends, made into frames. What cannot be read fails the request it answers, by name, and nothing else. */
import { redact } from '../../platform/redact.ts';
import type { Oversized } from '../frames/collector.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import { isBatch, isUnreadable, parse, type Unreadable } from '../frames/parse.ts';
import { idFromEnds, startsAsCall } from '../frames/scan.ts';
import { errorOf, type RequestId, RPC } from '../json-rpc.ts';
import type { EngineSettings } from '../settings.ts';

/** How much of either end of an unreadable message is searched for its id, in bytes. */
const SEARCHED = 16_384;
/** So many stray lines are shown; the rest are dropped without a word. */
const MOST_SHOWN = 5;

/** Limits on what a server may send. */
export type IntakeLimits = Pick<EngineSettings, 'maxFrameBytes' | 'maxDepth'>;

/** What an intake works with. */
export interface IntakeOptions {
  /** The server's name. */
  readonly name: string;
  readonly limits: IntakeLimits;
  readonly warn: (text: string) => void;
  /** `relatedTo` as it was given. */
  readonly deliver: (frame: Frame, relatedTo?: RequestId) => void;
}

/** See above. */
export class Intake {
  readonly #options: IntakeOptions;
  #stray = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * The bytes of one message or a batch; `line` is the same with its line end, where there is one. `relatedTo`: the request on whose
   * response stream they came. False: no request could be told to fail for what cannot be read.
   */
  take(bytes: Buffer, line?: Buffer, relatedTo?: RequestId): boolean {
    const { deliver, limits } = this.#options;
    const parsed = parse(bytes, limits.maxDepth, line);
    if (isUnreadable(parsed)) return this.#unreadable(parsed, bytes);
    if (isBatch(parsed)) for (const frame of parsed) deliver(frame, relatedTo);
    else deliver(parsed, relatedTo);
    return true;
  }

  /** A message that was too long to keep. False: it is not known what it answers. */
  oversized({ length, head, tail }: Oversized): boolean {
    const { name, limits, warn } = this.#options;
    const limit = limits.maxFrameBytes;
    warn(`server "${name}" sent a message of ${length} bytes; the limit is ${limit}`);
    const id = startsAsCall(head) ? undefined : idFromEnds(head, tail);
    return this.fail(id, `has ${length} bytes, more than the limit of ${limit}`);
  }

  /** Answer a request in the server's place; false without an id. */
  fail(id: RequestId | undefined, why: string): boolean {
    if (id === undefined) return false;
    const message = `the answer of server "${this.#options.name}" ${why}`;
    this.#options.deliver(
      frameOf(errorOf(id, RPC.INTERNAL, message, { server: this.#options.name })),
    );
    return true;
  }

  /** A banner or a stray print must not reach the client; a request whose answer is unreadable must not wait for ever. */
  #unreadable({ head, why }: Unreadable, bytes: Buffer): boolean {
    const id =
      head?.id ??
      idFromEnds(
        bytes.subarray(0, SEARCHED),
        bytes.length <= 4 * SEARCHED ? bytes : bytes.subarray(-SEARCHED),
      );
    if (id !== undefined && head?.method === undefined && !startsAsCall(bytes))
      return this.fail(id, why === 'too-deep' ? 'is nested too deeply' : 'is not valid JSON');
    this.#stray++;
    const text = redact(bytes.toString('utf8', 0, 200));
    if (this.#stray <= MOST_SHOWN)
      this.#options.warn(`server "${this.#options.name}" sent what is no message: ${text}`);
    return false;
  }
}
