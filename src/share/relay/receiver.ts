/** What the agent does with the requests that come over one connection to a relay. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/** Takes requests. */
export interface Receiver {
  /** Answer this one. Never throws. */
  receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  /** The connection is gone. */
  close(): void;
}

/** End a stream so that it looks cut short. `close(code)` would send a proper end first, and the response look whole. */
export function breakOff(stream: ServerHttp2Stream): void {
  stream.destroy(new Error('the shared server broke off'));
}
