/** Server-sent events (WHATWG HTML, "Server-sent events") with JSON-RPC messages in them. */
import type { OutgoingHttpHeaders } from 'node:http';
import { bytesOf, type Frame, onOneLine } from '../../frames/frame.ts';
import type { EngineSettings } from '../../settings.ts';
import type { HttpResponse } from './types.ts';

const HEADERS: OutgoingHttpHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const MESSAGE = Buffer.from('event: message\ndata: ');
const END = Buffer.from('\n\n');

/** One open stream. */
export class EventStream {
  readonly #response: HttpResponse;
  readonly #settings: EngineSettings;
  readonly #keepAlive: NodeJS.Timeout;

  /** Sends the headers at once. */
  constructor(response: HttpResponse, settings: EngineSettings, headers: OutgoingHttpHeaders = {}) {
    this.#response = response;
    this.#settings = settings;
    response.writeHead(200, { ...HEADERS, ...headers });
    response.flushHeaders();
    this.#keepAlive = setInterval(() => this.#write(Buffer.from(':\n\n')), settings.keepAliveMs);
    response.on('close', () => clearInterval(this.#keepAlive));
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  /** Send a message. */
  message(frame: Frame): void {
    this.#write(Buffer.concat([MESSAGE, onOneLine(bytesOf(frame)), END]));
  }

  /** Send an event of another kind. */
  event(name: string, data: string): void {
    this.#write(Buffer.from(`event: ${name}\ndata: ${data}\n\n`));
  }

  end(): void {
    clearInterval(this.#keepAlive);
    this.#response.end();
  }

  /** A client that does not read must not fill our memory. */
  #write(bytes: Buffer): void {
    if (this.closed) return;
    this.#response.write(bytes);
    if (this.#response.writableLength > this.#settings.maxClientBacklogBytes) {
      this.#response.destroy();
    }
  }
}
