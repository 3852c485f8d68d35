/** A visitor's HTTP/1.1 request becomes a stream to the agent, and the agent's answer the response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { flow } from './flow.ts';
import { plainFields, requestFields } from './headers.ts';
import type { Metrics } from './metrics.ts';
import { gather, isSmall } from './small-body.ts';
import { count, type Tunnel } from './tunnel.ts';

/** A request that has found its tunnel. */
export interface Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly tunnel: Tunnel;
  /** The path as the origin sees it. */
  readonly path: string;
  /** What was taken off the front of the path. */
  readonly prefix: string;
  readonly address: string;
}

/** A short plain answer of the relay's own. */
export function answer(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  if (res.headersSent || res.destroyed) return void res.destroy();
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  res.end(`${text}\n`);
}

/** Pass a request through its tunnel, within the tunnel's limits. */
export function forward(visit: Visit, metrics: Metrics): void {
  const refusal = refusalFor(visit);
  if (refusal) {
    metrics.refused(refusal.reason);
    return void answer(visit.res, refusal.status, refusal.text, { 'retry-after': '1' });
  }
  const { req } = visit;
  if (!hasBody(req)) begin(visit, metrics, whole());
  else if (isSmall(req.headers['content-length']))
    gather(req, (body) => {
      count(visit.tunnel, 'bytesIn', body.length);
      begin(visit, metrics, whole(body));
    });
  else begin(visit, metrics, (stream) => sendBody(visit, stream));
}

/** Sends a request's body; returns how to stop that. */
type Send = (stream: ClientHttp2Stream) => () => void;

/** Open a stream to the agent and see the exchange through. */
function begin(visit: Visit, metrics: Metrics, send: Send): void {
  const { res, tunnel } = visit;
  if (res.destroyed) return;
  let stream: ClientHttp2Stream;
  try {
    stream = openStream(visit);
  } catch {
    return void answer(res, 502, 'The tunnel is closing; try again.', { 'retry-after': '1' });
  }
  tunnel.active++;
  tunnel.counters.requests++;
  stream.once('close', () => {
    tunnel.active--;
    metrics.answered(res.statusCode);
  });
  // Once the visitor has been told, or cut off, the stream is given up with it.
  stream.setTimeout(tunnel.limits.idleMs, () =>
    answer(res, 504, 'Nothing has moved for too long.'),
  );
  receive(visit, stream, send(stream));
}

/** A body that is sent at once has nothing to stop. */
function whole(body?: Buffer): Send {
  return (stream) => {
    stream.end(body);
    return () => {};
  };
}

function refusalFor({ req, tunnel }: Visit) {
  const { limits } = tunnel;
  if (tunnel.session.closed || tunnel.session.destroyed)
    return { status: 503, reason: 'away', text: 'The tunnel is closing; try again.' };
  if (tunnel.active >= limits.streams)
    return { status: 503, reason: 'streams', text: 'Too many requests are under way.' };
  if (!tunnel.rate.take())
    return { status: 429, reason: 'rate', text: 'Too many requests a second.' };
  if (tunnel.bytes.wait > 0)
    return { status: 429, reason: 'bytes', text: 'Too much data a second.' };
  if (Number(req.headers['content-length'] ?? 0) > limits.bodyBytes)
    return { status: 413, reason: 'body', text: 'The request body is too large.' };
  return undefined;
}

function openStream({ req, tunnel, path, prefix, address }: Visit): ClientHttp2Stream {
  const { host } = req.headers;
  const fields = requestFields(req.headers);
  fields[':method'] = req.method;
  fields[':path'] = path;
  fields[':scheme'] = 'https';
  fields[':authority'] = host;
  fields['x-forwarded-for'] = address;
  fields['x-forwarded-proto'] = 'https';
  fields['x-forwarded-host'] = host;
  if (prefix !== '') fields['x-forwarded-prefix'] = prefix;
  return tunnel.session.request(fields);
}

function hasBody(req: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** Send a body of any size, as it comes. Returns how to stop. */
function sendBody({ req, res, tunnel }: Visit, stream: ClientHttp2Stream): () => void {
  let received = 0;
  const stop = flow(req, stream, tunnel, 'bytesIn');
  req.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= tunnel.limits.bodyBytes || res.headersSent) return;
    stop();
    answer(res, 413, 'The request body is too large.', { connection: 'close' });
  });
  req.once('end', () => {
    if (received <= tunnel.limits.bodyBytes) stream.end();
  });
  return stop;
}

function receive({ req, res, tunnel }: Visit, stream: ClientHttp2Stream, stop: () => void): void {
  let answered = false;
  const finish = (body?: Buffer) => {
    // A stream that was reset ends too; only one that was not has been answered whole.
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    answered = true;
    // As text it leaves in one piece with the head, which is text too; in Latin-1 every byte is one character.
    if (body) res.end(body.toString('latin1'), 'latin1');
    else res.end();
    // The origin may answer without reading the whole body; what is left of it goes nowhere.
    if (!req.complete) stop();
  };
  stream.on('response', (headers) => {
    if (res.headersSent) return;
    if (!writeHead(res, headers)) return void tunnel.cancel(stream);
    // Not earlier: a listener makes the data flow, and data may come in before this event.
    if (isSmall(headers['content-length']))
      return gather(stream, (body) => {
        count(tunnel, 'bytesOut', body.length);
        finish(body);
      });
    flow(stream, res, tunnel, 'bytesOut');
    stream.on('end', () => finish());
  });
  stream.on('error', () => {});
  stream.on('aborted', () => res.destroy());
  stream.once('close', () => {
    // A response cut short must look cut short: ending it would make it look whole.
    if (res.headersSent && !answered) res.destroy();
    else answer502(res);
  });
  res.once('close', () => {
    if (!stream.closed && !(answered && stream.writableEnded)) tunnel.cancel(stream);
  });
}

function answer502(res: ServerResponse): void {
  if (!res.headersSent && !res.destroyed) answer(res, 502, 'The shared server did not answer.');
}

/** Fields that are fine in HTTP/2 may still be none in HTTP/1.1; the agent is not to be trusted with that. */
function writeHead(res: ServerResponse, headers: IncomingHttpHeaders): boolean {
  try {
    res.writeHead(Number(headers[':status'] ?? 502), plainFields(headers));
    // A stream's head must not wait for its first event; one that says how much comes does not make anyone wait.
    if (headers['content-length'] === undefined) res.flushHeaders();
    return true;
  } catch {
    answer(res, 502, 'The shared server gave an unusable answer.');
    return false;
  }
}
