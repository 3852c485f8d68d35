/** Plain HTTP answers. */
import type { OutgoingHttpHeaders } from 'node:http';
import { errorOf } from '../../json-rpc.ts';
import type { HttpResponse } from './types.ts';

/** Answer with JSON. */
export function sendJson(
  response: HttpResponse,
  status: number,
  body: Buffer | object,
  headers: OutgoingHttpHeaders = {},
): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** Answer with nothing. */
export function sendEmpty(
  response: HttpResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-length': 0, ...headers }).end();
}

/** Refuse with a JSON-RPC error that belongs to no request. The rest of the body is not waited for. */
export function sendProblem(
  response: HttpResponse,
  status: number,
  code: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  const { jsonrpc, error } = errorOf(0, code, message);
  sendJson(response, status, { jsonrpc, id: null, error }, headers);
}
