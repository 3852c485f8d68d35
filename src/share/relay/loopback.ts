/** Requests from the relay, passed over loopback to a server that listens on this machine. */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { originFields, plainFields } from './headers.ts';
import { breakOff, type Receiver } from './receiver.ts';
import { gather, isSmall } from './small-body.ts';

/** Where a server listens on this machine. */
export interface Origin {
  readonly host: string;
  readonly port: number;
}

/** Passes each request to `origin`. */
export function passTo(origin: Origin): Receiver {
  // The free sockets' limit is below what servers allow (5 s in Node), so that none is taken as it is being closed.
  const agent = new Agent({ keepAlive: true, timeout: 4_000, scheduling: 'lifo' });
  return {
    receive: (stream, headers) => pass(stream, headers, origin, agent),
    close: () => agent.destroy(),
  };
}

/** One request from the relay to the origin, and the answer back. Gone on one side means gone on the other. */
function pass(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  origin: Origin,
  agent: Agent,
): void {
  stream.on('error', () => {});
  let upstream: ClientRequest;
  try {
    upstream = request({
      ...origin,
      agent,
      method: headers[':method'],
      path: headers[':path'],
      headers: { ...plainFields(headers), host: headers[':authority'] ?? origin.host },
    });
  } catch {
    return void refuse(stream, 400);
  }
  let answered = false;
  upstream.on('response', (response) => {
    if (stream.destroyed || stream.closed) return void upstream.destroy();
    respond(stream, response);
    response.once('end', () => {
      answered = response.complete;
    });
    response.once('close', () => {
      if (!response.complete) breakOff(stream);
    });
  });
  upstream.on('error', () => refuse(stream, 502));
  // A request whose answer is complete has given its socket back already: it may be someone else's.
  stream.once('close', () => {
    if (!answered) upstream.destroy();
  });
  // A stream that was reset ends too; the origin must not take half a body for a whole one.
  const finish = (body?: Buffer) => {
    if (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR) upstream.destroy();
    else upstream.end(body);
  };
  if (stream.endAfterHeaders) upstream.end();
  else if (isSmall(headers['content-length'])) gather(stream, finish);
  else stream.once('end', () => finish()).pipe(upstream, { end: false });
}

function respond(stream: ServerHttp2Stream, response: IncomingMessage): void {
  const bodiless = response.statusCode === 204 || response.statusCode === 304;
  stream.respond(
    { ':status': response.statusCode, ...originFields(response.headers) },
    { endStream: bodiless },
  );
  if (bodiless) response.resume();
  else if (isSmall(response.headers['content-length']))
    gather(response, (body) => void (response.complete && stream.end(body)));
  else response.pipe(stream);
}

function refuse(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) return void breakOff(stream);
  stream.respond({ ':status': status }, { endStream: true });
}
