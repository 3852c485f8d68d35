/** The answer to one POST: JSON when it is all there is to say, a stream when something comes before it or it takes long. */
import type { OutgoingHttpHeaders } from 'node:http';
import { bytesOf, type Frame } from '../../frames/frame.ts';
import type { EngineSettings } from '../../settings.ts';
import { EventStream } from './event-stream.ts';
import { sendJson } from './reply.ts';
import type { HttpResponse } from './types.ts';

/** How an answer is given. */
export interface AnswerOptions {
  readonly settings: EngineSettings;
  /** The client takes `text/event-stream`. */
  readonly streams: boolean;
  /** How many answers make it complete; a batch has several and is an array. */
  readonly expected: number;
  readonly batch: boolean;
  readonly headers?: OutgoingHttpHeaders;
  /** The HTTP status of a JSON answer; 200 unless told. */
  readonly statusOf?: (frame: Frame) => number;
  /** The client went away before the answer was complete. */
  readonly onGone: () => void;
}

/** See above. */
export class HttpAnswer {
  readonly #response: HttpResponse;
  readonly #options: AnswerOptions;
  readonly #frames: Frame[] = [];
  #stream: EventStream | undefined;
  #left: number;
  #slow: NodeJS.Timeout | undefined;

  constructor(response: HttpResponse, options: AnswerOptions) {
    this.#response = response;
    this.#options = options;
    this.#left = options.expected;
    response.on('close', () => this.#closed());
    if (options.streams) {
      this.#slow = setTimeout(() => this.#open(), options.settings.keepAliveMs);
    }
  }

  /** The client still waits for it. */
  get awaited(): boolean {
    return this.#left > 0 && !this.#response.destroyed;
  }

  /** Whether something can still be said before the answer. */
  get streams(): boolean {
    return this.#options.streams && this.awaited;
  }

  /** Something that comes before the answer. Only when `streams`. */
  send(frame: Frame): void {
    this.#open().message(frame);
  }

  /** An answer. The last one ends it. */
  finish(frame: Frame): void {
    this.#left--;
    if (this.#stream) this.#stream.message(frame);
    else this.#frames.push(frame);
    if (this.#left === 0) this.#end();
  }

  #open(): EventStream {
    clearTimeout(this.#slow);
    if (this.#stream) return this.#stream;
    this.#stream = new EventStream(this.#response, this.#options.settings, this.#options.headers);
    for (const frame of this.#frames.splice(0)) this.#stream.message(frame);
    return this.#stream;
  }

  #end(): void {
    clearTimeout(this.#slow);
    if (this.#stream) {
      this.#stream.end();
      return;
    }
    const { batch, headers, statusOf } = this.#options;
    const [frame] = this.#frames;
    if (batch) {
      sendJson(
        this.#response,
        200,
        this.#frames.map(({ message }) => message),
        headers,
      );
    } else if (frame) sendJson(this.#response, statusOf?.(frame) ?? 200, bytesOf(frame), headers);
  }

  #closed(): void {
    clearTimeout(this.#slow);
    if (this.#left > 0) this.#options.onGone();
  }
}
