/** A guarded endpoint over a plain HTTP server, as a share puts it up. */
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { openAudit } from '../../../src/share/protection/audit.ts';
import { createGate } from '../../../src/share/protection/gate.ts';
import { createGuard, type GuardOptions } from '../../../src/share/protection/guard.ts';
import type { ShareTarget } from '../../../src/share/protection/token-store.ts';
import { makeHome, type TestHome } from '../../helpers/home.ts';

export const TARGET: ShareTarget = { kind: 'server', name: 'time' };
export const PUBLIC = 'https://abc.relay.test';

/** Start one on a free port. `/mcp` answers with who was let in; `/mcp?hang` never ends. */
export async function makeShare(options: Partial<GuardOptions> = {}, home: TestHome = makeHome()) {
  const ctx = options.ctx ?? home.ctx;
  const audit = openAudit(ctx, TARGET.name);
  const guard = createGuard({
    ctx,
    target: TARGET,
    open: false,
    run: 'run1',
    servers: ['time'],
    transport: 'http',
    publicUrls: () => [PUBLIC],
    addressHeader: () => 'x-forwarded-for',
    ...options,
  });
  const gate = createGate({
    ctx,
    guard,
    audit,
    openRoute: (_request, response) => void response.end('open'),
  });
  const server = createServer(async (request, response) => {
    if (await gate.handle(request, response)) return;
    if (request.url?.endsWith('?hang')) return void response.write('on and on');
    response.end(gate.principalOf(request.headers)?.who);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gate.close();
    audit.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { home, ctx, gate, audit, port, ask: asker(port), raw: rawTo(port) };
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

function asker(port: number) {
  return (path: string, headers: Record<string, string> = {}, method = 'POST') =>
    new Promise<Reply>((resolve, reject) => {
      const req = httpRequest(
        { host: '127.0.0.1', port, path, method, headers, agent: false },
        (res) => {
          let body = '';
          res.on('data', (chunk) => {
            body += chunk;
          });
          res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
          res.on('error', reject);
        },
      );
      req.on('error', reject);
      req.end();
    });
}

/** Send bytes as they are; resolves with the first line of what comes back. */
function rawTo(port: number) {
  return (bytes: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let seen = '';
      socket.on('data', (chunk) => {
        seen += chunk;
      });
      socket.on('error', () => {}).on('close', () => resolve(seen.split('\r\n')[0] ?? ''));
      setTimeout(() => socket.destroy(), 300);
    });
}
