/** One client of either era over either transport, so that a test can be told once for all of them. */
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Server } from '../../src/config/types.ts';
import { createContext } from '../../src/context.ts';
import { createGateway, type EngineSettings } from '../../src/engine/index.ts';
import { LineClient, type Wire } from './engine.ts';
import { makeHome, type TestHome } from './home.ts';
import { eventsOf, HttpClient } from './served.ts';

export type Era = 'legacy' | 'modern';
export type Transport = 'stdio' | 'http';

/** What a test can do with a client, whatever it speaks. */
export interface AnyClient {
  readonly home: TestHome;
  /** Every notification received. */
  readonly notices: Wire[];
  /** Answers to what servers ask. */
  readonly answers: Record<string, (params: Wire['params']) => unknown>;
  request(method: string, params?: object): Promise<Wire>;
  /** Begin a request; the returned function cancels it. */
  begin(method: string, params: object): Promise<() => void>;
  /** Send a notification. */
  tell(method: string, params: object): Promise<void>;
  /** Listen to a URI and to changes of the list of tools. */
  listen(uri: string): Promise<void>;
  /** From now on, ask for log messages of this level. */
  setLevel(level: string): Promise<void>;
}

const ALL = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };
/** The `_meta` of a request of the new era, from a client that can do everything. */
export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': ALL,
};

/** Serve servers and connect a client that can do everything. */
export async function connect(
  era: Era,
  transport: Transport,
  servers: readonly Server[],
  settings: Partial<EngineSettings> = {},
): Promise<AnyClient> {
  const home = makeHome();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const ctx = createContext({ ...home.ctx, stdin, stdout, stderr: home.ctx.stderr });
  const gateway = createGateway({ ctx, servers, settings, name: 'test' });
  onTestFinished(() => gateway.close());
  if (transport === 'stdio') {
    void gateway.serveStdio().catch(() => {});
    const line = new LineClient((text) => stdin.write(text), stdout);
    return era === 'legacy' ? legacyStdio(home, line) : modernStdio(home, line);
  }
  const { url } = await gateway.serveHttp({ port: 0 });
  return era === 'legacy' ? legacyHttp(home, url) : modernHttp(home, url);
}

async function legacyStdio(home: TestHome, line: LineClient): Promise<AnyClient> {
  const opening = await line.initialize({ capabilities: ALL });
  if (opening.error) throw new Error(opening.error.message);
  return {
    home,
    get notices() {
      return line.received.filter(({ id, method }) => method !== undefined && id === undefined);
    },
    answers: line.answers as AnyClient['answers'],
    request: (method, params) => line.request(method, params),
    tell: async (method, params) => line.send({ method, params }),
    begin: async (method, params) => {
      line.send({ id: 'begun', method, params });
      return () => line.send({ method: 'notifications/cancelled', params: { requestId: 'begun' } });
    },
    listen: async (uri) => void (await line.request('resources/subscribe', { uri })),
    setLevel: async (level) => void (await line.request('logging/setLevel', { level })),
  };
}

async function legacyHttp(home: TestHome, url: string): Promise<AnyClient> {
  const client = new HttpClient(url);
  const opening = await client.initialize({ capabilities: ALL });
  if (opening.error) throw new Error(opening.error.message);
  await client.listen();
  return {
    home,
    get notices() {
      return client.received.filter(({ id }) => id === undefined);
    },
    answers: client.answers as AnyClient['answers'],
    request: (method, params) => client.request(method, params),
    tell: async (method, params) => void (await client.post({ jsonrpc: '2.0', method, params })),
    begin: async (method, params) => {
      void client.post({ jsonrpc: '2.0', id: 'begun', method, params }).catch(() => {});
      const params2 = { requestId: 'begun' };
      return () =>
        void client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: params2 });
    },
    listen: async (uri) => void (await client.request('resources/subscribe', { uri })),
    setLevel: async (level) => void (await client.request('logging/setLevel', { level })),
  };
}

/** Runs the round trips of the new era over whatever sends one request. */
function roundTrips(
  answers: AnyClient['answers'],
  envelope: () => object,
  once: (method: string, params: object) => Promise<Wire>,
): AnyClient['request'] {
  return async (method, params = {}) => {
    const { _meta, ...own } = params as { _meta?: object };
    let added: object = {};
    for (let round = 0; round < 5; round++) {
      const answer = await once(method, { ...own, ...added, _meta: { ...envelope(), ..._meta } });
      if (answer.result?.resultType !== 'input_required') return answer;
      const { inputRequests = {}, requestState } = answer.result;
      const entries = Object.entries(inputRequests as Record<string, Wire>);
      const inputResponses = Object.fromEntries(
        entries.map(([key, ask]) => [key, answers[ask.method ?? '']?.(ask.params)]),
      );
      added = { inputResponses, ...(requestState !== undefined && { requestState }) };
    }
    throw new Error('too many rounds');
  };
}

async function modernStdio(home: TestHome, line: LineClient): Promise<AnyClient> {
  const answers: AnyClient['answers'] = {};
  let envelope: object = ENVELOPE;
  const withEnvelope = (params: object) => ({ ...params, _meta: envelope });
  return {
    home,
    get notices() {
      return line.received.filter(({ id, method }) => method !== undefined && id === undefined);
    },
    answers,
    request: roundTrips(
      answers,
      () => envelope,
      (method, params) => line.request(method, params),
    ),
    tell: async (method, params) => line.send({ method, params: withEnvelope(params) }),
    begin: async (method, params) => {
      line.send({ id: 'begun', method, params: withEnvelope(params) });
      return () => line.send({ method: 'notifications/cancelled', params: { requestId: 'begun' } });
    },
    listen: async (uri) => {
      const notifications = { toolsListChanged: true, resourceSubscriptions: [uri] };
      line.send({
        id: 'listen',
        method: 'subscriptions/listen',
        params: withEnvelope({ notifications }),
      });
      await line.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
    },
    setLevel: async (level) => {
      envelope = { ...ENVELOPE, 'io.modelcontextprotocol/logLevel': level };
    },
  };
}

async function modernHttp(home: TestHome, url: string): Promise<AnyClient> {
  const answers: AnyClient['answers'] = {};
  const notices: Wire[] = [];
  let envelope: object = ENVELOPE;
  let nextId = 1;
  const post = (
    method: string,
    params: Wire['params'],
    id?: number | string,
    signal?: AbortSignal,
  ) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...((params.name ?? params.uri) && { 'mcp-name': params.name ?? params.uri }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
      ...(signal && { signal }),
    });
  const once = async (method: string, params: object) => {
    const id = nextId++;
    const response = await post(method, params, id);
    if (!response.headers.get('content-type')?.includes('event-stream'))
      return (await response.json()) as Wire;
    let answer: Wire | undefined;
    for await (const message of eventsOf(response)) {
      if (message.id === id) answer = message;
      else notices.push(message);
    }
    return answer as Wire;
  };
  return {
    home,
    notices,
    answers,
    request: roundTrips(answers, () => envelope, once),
    tell: async (method, params) => void (await post(method, { ...params, _meta: envelope })),
    begin: async (method, params) => {
      const controller = new AbortController();
      void post(method, { ...params, _meta: envelope }, 'begun', controller.signal).catch(() => {});
      return () => controller.abort();
    },
    listen: async (uri) => {
      const controller = new AbortController();
      onTestFinished(() => controller.abort());
      const notifications = { toolsListChanged: true, resourceSubscriptions: [uri] };
      const params = { notifications, _meta: envelope };
      const response = await post('subscriptions/listen', params, 'listen', controller.signal);
      const events = eventsOf(response);
      const { value } = await events.next();
      if (value?.method !== 'notifications/subscriptions/acknowledged')
        throw new Error(JSON.stringify(value));
      void (async () => {
        for await (const message of events) notices.push(message);
      })().catch(() => {});
    },
    setLevel: async (level) => {
      envelope = { ...ENVELOPE, 'io.modelcontextprotocol/logLevel': level };
    },
  };
}
