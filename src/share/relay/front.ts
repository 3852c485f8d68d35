/** The relay's front door: every visitor's request, judged before any agent hears of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { plainAddress } from '../address.ts';
import { createBuckets } from '../limits.ts';
import type { Metrics } from './metrics.ts';
import { route } from './route.ts';
import type { Table } from './table.ts';
import { findToken, type RelayToken } from './tokens.ts';
import { answer, forward, type Visit } from './visitors.ts';

/** What the front door needs to know of its relay. */
export interface VisitorDesk {
  readonly tokens: () => readonly RelayToken[];
  /** The domain that tunnels are subdomains of; absent in path mode. */
  readonly domain: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly limits: { readonly visitorRequestsPerSecond: number };
  readonly table: Table;
  readonly metrics: Metrics;
  readonly draining: () => boolean;
}

/** What is done with a request. */
type Verdict =
  | { readonly status: number; readonly reason: string; readonly text: string }
  | { readonly page: string }
  | Pick<Visit, 'tunnel' | 'path' | 'prefix'>;

/** Answers every visitor: finds the tunnel, or says why there is none. */
export function visitorHandler(desk: VisitorDesk) {
  const { table, metrics, limits } = desk;
  const perAddress = createBuckets(
    limits.visitorRequestsPerSecond,
    limits.visitorRequestsPerSecond * 2,
  );
  const names = desk.domain === undefined ? {} : { domain: desk.domain };

  const judge = (req: IncomingMessage, address: string): Verdict => {
    if (desk.draining()) return no(503, 'draining', 'The relay is restarting; try again.');
    if (!perAddress(address).take())
      return no(429, 'visitor-rate', 'Too many requests a second from this address.');
    if (repeatsHost(req)) return no(400, 'bad', 'One Host field, please.');
    const where = route(req.headers.host, req.url ?? '', names);
    if (where.kind === 'bad') return no(400, 'bad', 'There is nothing at this address.');
    if (where.kind === 'own') return { page: where.path };
    const tunnel = table.find(where.id);
    if (tunnel === undefined) return no(404, 'unknown', 'There is no such tunnel.');
    if (tunnel === 'away') return no(503, 'away', 'The tunnel is away; try again.');
    return { tunnel, path: where.path, prefix: where.prefix };
  };

  return (req: IncomingMessage, res: ServerResponse) => {
    res.on('error', () => {});
    const address = addressOf(req, desk.trustedProxies);
    const verdict = judge(req, address);
    if ('page' in verdict) return ownPage(verdict.page, req, res, desk);
    if ('tunnel' in verdict) return forward({ req, res, address, ...verdict }, metrics);
    metrics.refused(verdict.reason);
    const final = verdict.status === 400 || verdict.reason === 'draining';
    answer(res, verdict.status, verdict.text, {
      ...(final && { connection: 'close' }),
      ...(verdict.status !== 400 && { 'retry-after': '1' }),
    });
  };
}

function no(status: number, reason: string, text: string): Verdict {
  return { status, reason, text };
}

/** The relay's own two pages: whether it is up, and its counters for those who hold a metrics token. */
function ownPage(path: string, req: IncomingMessage, res: ServerResponse, desk: VisitorDesk): void {
  if (path === '/healthz') return void answer(res, 200, 'ok');
  if (path !== '/metrics') return void answer(res, 404, 'There is nothing here.');
  const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (!token || !findToken(desk.tokens(), token)?.metrics)
    return void answer(res, 401, 'A metrics token is needed.', { 'www-authenticate': 'Bearer' });
  const text = desk.metrics.render(desk.table.live);
  answer(res, 200, text.trimEnd(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
}

/** Node keeps the first of several `Host` fields; a proxy in front may have gone by another. */
function repeatsHost(req: IncomingMessage): boolean {
  return req.rawHeaders.filter((field, i) => i % 2 === 0 && /^host$/i.test(field)).length > 1;
}

function addressOf(req: IncomingMessage, trusted: readonly string[]): string {
  const peer = plainAddress(req.socket.remoteAddress);
  if (!trusted.includes(peer)) return peer;
  const forwarded = String(req.headers['x-forwarded-for'] ?? '').split(',');
  return forwarded.at(-1)?.trim() || peer;
}
