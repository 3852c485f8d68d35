/** Served gateways on loopback, and clients that speak plain HTTP to them. */
import { onTestFinished } from 'vitest';
import type { Server } from '../../src/config/types.ts';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type HttpEndpoint,
  type HttpOptions,
} from '../../src/engine/index.ts';
import type { Wire } from './engine.ts';
import { makeHome, type TestHome } from './home.ts';

/** A gateway on a port of its own. */
export interface HttpRig {
  readonly home: TestHome;
  readonly gateway: Gateway;
  readonly endpoint: HttpEndpoint;
  readonly url: string;
}

/** Serve servers over HTTP. Everything is closed when the test ends. */
export async function serveOnHttp(
  servers: readonly Server[],
  options: Partial<GatewayOptions> & { readonly http?: HttpOptions; readonly sse?: boolean } = {},
): Promise<HttpRig> {
  const home = makeHome();
  const { http, sse, ...rest } = options;
  const gateway = createGateway({ ctx: home.ctx, servers, name: 'test', ...rest });
  onTestFinished(() => gateway.close());
  const settings = { port: 0, ...http };
  const endpoint = await (sse ? gateway.serveSse(settings) : gateway.serveHttp(settings));
  return { home, gateway, endpoint, url: endpoint.url };
}

/** The messages of an answer, whether JSON or a stream. */
export async function messagesOf(response: Response): Promise<Wire[]> {
  const text = await response.text();
  if (text === '') return [];
  if (!response.headers.get('content-type')?.includes('event-stream')) {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  }
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
}

/** A session of the old era. */
export class HttpClient {
  readonly url: string;
  readonly headers: Record<string, string>;
  session: string | undefined;
  answers: Record<string, (params: never) => unknown> = {};
  /** Everything that came outside of answers. */
  readonly received: Wire[] = [];
  #nextId = 1;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.headers = headers;
  }

  post(message: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(this.session ? { 'mcp-session-id': this.session } : {}),
        ...this.headers,
        ...headers,
      },
      body: typeof message === 'string' ? message : JSON.stringify(message),
    });
  }

  async initialize(params: object = {}): Promise<Wire> {
    const response = await this.post({
      jsonrpc: '2.0',
      id: 'init',
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
        ...params,
      },
    });
    this.session = response.headers.get('mcp-session-id') ?? undefined;
    const [answer] = await messagesOf(response);
    await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer as Wire;
  }

  /** Send a request; questions on its stream are answered from `answers`. */
  async request(method: string, params: object = {}): Promise<Wire> {
    const id = this.#nextId++;
    const response = await this.post({ jsonrpc: '2.0', id, method, params });
    if (!response.headers.get('content-type')?.includes('event-stream')) {
      return (await messagesOf(response))[0] as Wire;
    }
    let answer: Wire | undefined;
    for await (const message of eventsOf(response)) {
      if (message.id === id && message.method === undefined) answer = message;
      else await this.take(message);
    }
    return answer as Wire;
  }

  async call(name: string, args: object = {}): Promise<string> {
    const { result, error } = await this.request('tools/call', { name, arguments: args });
    if (error) throw new Error(error.message);
    return result.content[0].text;
  }

  /** Open the standing stream. */
  async listen(): Promise<void> {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const response = await fetch(this.url, {
      headers: {
        accept: 'text/event-stream',
        'mcp-session-id': this.session ?? '',
        ...this.headers,
      },
      signal: controller.signal,
    });
    if (!response.ok) throw new Error(`the stream was refused: ${response.status}`);
    void (async () => {
      for await (const message of eventsOf(response)) await this.take(message);
    })().catch(() => {});
  }

  async take(message: Wire): Promise<void> {
    this.received.push(message);
    const answer = this.answers[message.method ?? ''];
    if (answer && message.id !== undefined) {
      await this.post({ jsonrpc: '2.0', id: message.id, result: answer(message.params as never) });
    }
  }
}

/** The messages of a stream as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<Wire> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}
