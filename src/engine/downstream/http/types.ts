/** Serving over HTTP: what a caller can set and hook into. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as the endpoints read it: Node's own, or one that came another way than through our socket. */
export interface HttpRequest extends Readable {
  readonly method?: string | undefined;
  /** Path and query. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly bytesWritten: number };
}

/** A response as the endpoints write it: Node's own, or one that goes another way than through our socket. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  /** Bytes that wait to be taken. */
  readonly writableLength: number;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers?: OutgoingHttpHeaders): this;
  flushHeaders(): void;
  write(chunk: Buffer): boolean;
  end(chunk?: Buffer | string): unknown;
  destroy(): unknown;
  /** `close`: nothing more will be sent, be it that all was or that nobody is there to take it. */
  on(event: 'close' | 'error', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Answers a request. Never throws. */
export type HttpHandler = (request: HttpRequest, response: HttpResponse) => void;

/** A request as a guard sees it. */
export interface GuardRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | undefined;
}

/** What a guard decides. */
export type GuardVerdict =
  | {
      readonly allow: true;
      /** Whom the request is from. A session answers only to the one that opened it. */
      readonly principal?: string;
    }
  | {
      readonly allow: false;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

/**
 * Asked before the body of a request to an MCP endpoint is read. It fails closed: when it throws, the request is answered with 500 and goes
 * no further.
 */
export type Guard = (request: GuardRequest) => GuardVerdict | Promise<GuardVerdict>;

/** Routes beside the MCP endpoints (OAuth metadata, say), asked first and not guarded. True: the request was answered. */
export type ExtraRoutes = (
  request: HttpRequest,
  response: HttpResponse,
) => boolean | Promise<boolean>;

/** How to listen. */
export interface HttpOptions {
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** 6276 unless told; 0 for any. */
  readonly port?: number;
  /** How many ports to try, counting up, when one is taken; 1 unless told. */
  readonly portTries?: number;
  /**
   * Names besides the loopback ones that clients may reach us by (`Host`, `Origin`): the public name of a tunnel, say. Without the port.
   * `*` allows any.
   */
  readonly allowedHosts?: readonly string[];
  readonly guard?: Guard;
  readonly routes?: ExtraRoutes;
}

/** A served endpoint. */
export interface HttpEndpoint {
  /** `http://HOST:PORT/mcp`, or `…/sse`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Settles when it is closed. */
  readonly closed: Promise<void>;
  /** Answers a request that did not come through the socket, as if it had. */
  readonly handle: HttpHandler;
  close(): Promise<void>;
}
