/** Requests from the relay, handed to a server within this process: no socket, no second HTTP connection. */
import { EventEmitter } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../engine/index.ts';
import { originFields, plainFields } from './headers.ts';
import { breakOff, type Receiver } from './receiver.ts';
import { isSmall } from './small-body.ts';

/** A body that is not there in full after this time is dropped, as Node's own server would (ms). */
const BODY_WITHIN = 30_000;

/** Hands each request to `handler`, as one from loopback: the visitor's address is in the field that the relay sets. */
export function handTo(handler: HttpHandler): Receiver {
  return {
    receive(stream, headers) {
      stream.on('error', () => {});
      const request = new StreamRequest(stream, headers);
      handler(request, new StreamResponse(stream, request));
    },
    close() {},
  };
}

/** The request that an HTTP/2 stream carries. A stream that was reset ends too; such a body is broken off, not taken for whole. */
class StreamRequest extends Readable implements HttpRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket = { remoteAddress: '127.0.0.1', bytesWritten: 0 };
  readonly #stream: ServerHttp2Stream;
  #begun = false;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    super();
    this.#stream = stream;
    this.method = headers[':method'];
    this.url = headers[':path'];
    this.headers = plainFields(headers);
    this.headers.host = headers[':authority'];
  }

  /** The rest is not wanted. */
  discard(): void {
    if (this.#stream.readableEnded || this.#stream.endAfterHeaders) return;
    this.destroy();
    this.#stream.removeAllListeners('data').resume();
  }

  override _read(): void {
    if (this.#begun) this.#stream.resume();
    else this.#begin();
  }

  #begin(): void {
    this.#begun = true;
    const stream = this.#stream;
    if (stream.endAfterHeaders) return void this.push(null);
    const slow = isSmall(this.headers['content-length'])
      ? undefined
      : setTimeout(() => breakOff(stream), BODY_WITHIN);
    stream.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.once('end', () => {
      clearTimeout(slow);
      const whole = !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      if (whole) this.push(null);
      else this.destroy();
    });
    stream.once('close', () => {
      clearTimeout(slow);
      if (!stream.readableEnded) this.destroy();
    });
  }
}

/** The response that goes back over the same stream. Its head leaves with the first of its body, or on {@link flushHeaders}. */
class StreamResponse extends EventEmitter implements HttpResponse {
  statusCode = 200;
  readonly #stream: ServerHttp2Stream;
  readonly #request: StreamRequest;
  #fields: OutgoingHttpHeaders = {};
  #headWritten = false;

  constructor(stream: ServerHttp2Stream, request: StreamRequest) {
    super();
    this.#stream = stream;
    this.#request = request;
    stream.once('close', () => this.emit('close'));
  }

  get headersSent(): boolean {
    return this.#headWritten;
  }

  get destroyed(): boolean {
    return this.#stream.destroyed;
  }

  get writableEnded(): boolean {
    return this.#stream.writableEnded;
  }

  get writableLength(): number {
    return this.#stream.writableLength;
  }

  setHeader(name: string, value: string): void {
    this.#fields[name] = value;
  }

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.statusCode = status;
    this.#headWritten = true;
    Object.assign(this.#fields, headers);
    return this;
  }

  flushHeaders(): void {
    this.#respond(false);
  }

  write(chunk: Buffer): boolean {
    this.#respond(false);
    if (!this.#open) return false;
    this.#request.socket.bytesWritten += chunk.length;
    return this.#stream.write(chunk);
  }

  end(chunk?: Buffer | string): void {
    this.#respond(chunk === undefined || chunk.length === 0);
    if (this.#open) this.#stream.end(chunk);
    if (chunk !== undefined) this.#request.socket.bytesWritten += Buffer.byteLength(chunk);
    this.#request.discard();
  }

  destroy(): void {
    breakOff(this.#stream);
  }

  /** Whether a body can be sent: someone is there, and the status and the method allow one. */
  get #open(): boolean {
    return !this.#stream.destroyed && !this.#stream.writableEnded;
  }

  #respond(endStream: boolean): void {
    const stream = this.#stream;
    if (stream.headersSent || stream.destroyed || stream.closed) return;
    this.#headWritten = true;
    const fields = originFields(this.#fields);
    fields[':status'] = this.statusCode;
    stream.respond(fields, { endStream });
  }
}
