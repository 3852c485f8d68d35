/** Small HTTP servers on loopback for one test. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request with its body read and parsed, if it is JSON. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever the test sent
  readonly body: any;
  readonly text: string;
}

/** A running server. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Every request so far. */
  readonly received: Received[];
  /** Stop listening and cut every connection. */
  stop(): Promise<void>;
}

/** Start a server on a free port, or on `port`; it stops with the test. */
export async function serve(
  handle: (request: Received, response: ServerResponse, raw: IncomingMessage) => unknown,
  port = 0,
): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer(async (raw, response) => {
    const request = await read(raw);
    received.push(request);
    await handle(request, response, raw);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = () => halt(server);
  onTestFinished(stop);
  const { port: bound } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${bound}/mcp`, port: bound, received, stop };
}

function halt(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function read(raw: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { method: raw.method ?? '', path: raw.url ?? '', headers: raw.headers, body, text };
}

/** Answer with JSON. */
export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Begin a stream of events and write some. */
export function events(response: ServerResponse, ...blocks: string[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const block of blocks) response.write(`${block}\n\n`);
}
