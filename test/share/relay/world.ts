/** A relay with real TLS from a test authority, origins on loopback, and visitors that trust it. */
import { createServer, type RequestListener } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createCertificate } from '../../../src/share/certificate.ts';
import { type AgentConnection, connectAgent } from '../../../src/share/relay/agent.ts';
import type { Hello } from '../../../src/share/relay/protocol.ts';
import { type Relay, type RelayOptions, startRelay } from '../../../src/share/relay/server.ts';
import { createRelayToken, type RelayToken } from '../../../src/share/relay/tokens.ts';

const now = new Date();
/** The test's certificate authority. */
export const authority = createCertificate({ names: ['Test CA'], days: 2, now, authority: true });
/** A server certificate for `relay.test`, its subdomains and loopback. */
export const serverTls = createCertificate({
  names: ['relay.test', '*.relay.test', 'localhost', '127.0.0.1', '::1'],
  days: 2,
  now,
  issuer: authority,
});

/** What came back to a visitor. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Start a relay on a free port with one token; it is closed when the test ends. */
export async function makeRelay(
  options: Partial<RelayOptions> = {},
  entry: Partial<RelayToken> = {},
) {
  const made = createRelayToken({ name: 'alice', ...entry });
  const metricsToken = createRelayToken({ name: 'ops', metrics: true });
  const tokens = [made.entry, metricsToken.entry];
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    tls: serverTls,
    tokens: () => tokens,
    ...options,
  });
  onTestFinished(() => relay.close(0));
  return { relay, token: made.token, metricsToken: metricsToken.token, tokens };
}

/** A plain HTTP server on loopback. */
export async function makeOrigin(
  handler: RequestListener,
): Promise<{ host: string; port: number }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** Connect an agent; it is closed when the test ends. */
export async function makeAgent(
  relay: Relay,
  hello: Hello,
  origin: Parameters<typeof connectAgent>[2],
): Promise<AgentConnection> {
  const endpoint = { host: '127.0.0.1', port: relay.port, ca: authority.cert };
  const connection = await connectAgent(endpoint, hello, origin);
  onTestFinished(() => connection.close());
  return connection;
}

/** Options for a request to the relay. */
export function toRelay(relay: Relay, path: string, options: RequestOptions = {}): RequestOptions {
  return {
    host: '127.0.0.1',
    port: relay.port,
    ca: authority.cert,
    servername: 'relay.test',
    path,
    agent: new Agent({ keepAlive: false }),
    ...options,
  };
}

/** One request as a visitor makes it; rejects when the response is cut short. */
export function visit(
  relay: Relay,
  path: string,
  options: RequestOptions & { body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const req = request(toRelay(relay, path, rest), (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** Wait until something holds, at most `ms`. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
