/** Serving over HTTP: what a caller can set and hook into. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

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
  request: IncomingMessage,
  response: ServerResponse,
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
  close(): Promise<void>;
}
