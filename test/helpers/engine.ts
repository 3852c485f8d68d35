/** A gateway over fake servers, and a client on its standard streams. */
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Server } from '../../src/config/types.ts';
import { createContext } from '../../src/context.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/engine/index.ts';
import { makeHome, type TestHome } from './home.ts';

const RAW = fileURLToPath(new URL('../fixtures/servers/raw.mjs', import.meta.url));

/** A configured server that runs the fake one with flags. */
export function rawServer(name: string, ...flags: string[]): Server {
  const args = [RAW, '--name', name, ...flags];
  return { name, profile_tags: [], command: process.execPath, args, env: {} };
}

/** Any JSON-RPC message, loosely. */
export interface Wire {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look inside freely
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look inside freely
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A client that speaks lines over a pair of streams. */
export class LineClient {
  readonly received: Wire[] = [];
  readonly lines: string[] = [];
  readonly #write: (line: string) => void;
  #waiting: {
    test: (message: Wire) => boolean;
    resolve: (message: Wire) => void;
    reject: (reason: Error) => void;
  }[] = [];
  #failure: Error | undefined;
  /** What came of a line that has not ended; a long one comes in very many parts. */
  #rest: string[] = [];
  #nextId = 1;
  /** Answers to requests of the server, by method. */
  answers: Record<string, (params: never) => unknown> = {};

  constructor(write: (line: string) => void, out: NodeJS.ReadableStream) {
    this.#write = write;
    const decoder = new TextDecoder();
    out.on('data', (chunk: Buffer) => {
      const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
      this.#rest.push(first);
      for (const next of others) {
        const line = this.#rest.join('');
        this.#rest = [next];
        this.#take(line);
      }
    });
  }

  /** What was received without a line end, so far. */
  get unfinished(): string {
    return this.#rest.join('');
  }

  send(message: object): void {
    this.#write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  sendRaw(line: string): void {
    this.#write(`${line}\n`);
  }

  /** Send a request and wait for its whole answer. */
  request(
    method: string,
    params: object = {},
    id: string | number = this.#nextId++,
  ): Promise<Wire> {
    const answer = this.next((message) => message.id === id && message.method === undefined);
    this.send({ id, method, params });
    return answer;
  }

  /** The first message, received already or later, that fits. */
  next(test: (message: Wire) => boolean): Promise<Wire> {
    const seen = this.received.find(test);
    if (seen) return Promise.resolve(seen);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ test, resolve, reject }));
  }

  /** Nothing will come any more: whatever is waited for fails. */
  fail(reason: Error): void {
    this.#failure = reason;
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  async initialize(params: object = {}): Promise<Wire> {
    const answer = await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
      ...params,
    });
    this.send({ method: 'notifications/initialized' });
    return answer;
  }

  /** Call a tool; its first text. */
  async call(name: string, args: object = {}): Promise<string> {
    const { result, error } = await this.request('tools/call', { name, arguments: args });
    if (error) throw new Error(error.message);
    return result.content[0].text;
  }

  #take(line: string): void {
    this.lines.push(line);
    const message = parse(line);
    if (!message) return;
    this.received.push(message);
    if (message.method !== undefined && message.id !== undefined && message.id !== null) {
      const answer = this.answers[message.method];
      if (answer) this.send({ id: message.id, result: answer(message.params as never) });
    }
    for (const waiting of this.#waiting.filter(({ test }) => test(message)))
      waiting.resolve(message);
    this.#waiting = this.#waiting.filter(({ test }) => !test(message));
  }
}

/** Servers print other things as well. */
function parse(line: string): Wire | undefined {
  try {
    return JSON.parse(line) as Wire;
  } catch {
    return undefined;
  }
}

/** A gateway with a client on its stdio. */
export interface StdioRig {
  readonly home: TestHome;
  readonly gateway: Gateway;
  readonly client: LineClient;
  /** Settles when the gateway stops serving. */
  readonly done: Promise<void>;
  /** Close the client's end. */
  end(): void;
}

/** Serve servers on in-memory standard streams. Everything is closed when the test ends. */
export function serveOnStdio(
  servers: readonly Server[],
  options: Partial<GatewayOptions> = {},
): StdioRig {
  const home = makeHome();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const ctx = createContext({ ...home.ctx, stdin, stdout, stderr: home.ctx.stderr });
  const gateway = createGateway({ ctx, servers, name: 'test', ...options });
  const client = new LineClient((line) => stdin.write(line), stdout);
  const done = gateway.serveStdio();
  done.catch(() => {});
  onTestFinished(() => gateway.close());
  return { home, gateway, client, done, end: () => stdin.end() };
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Wait until a condition holds; fails after `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 5_000): Promise<void> {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
