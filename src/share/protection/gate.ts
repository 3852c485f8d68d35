/** The guard at work: put before the engine's HTTP endpoint, it refuses, answers what is open, counts, and writes the audit log. */

import type { Context } from '../../context.ts';
import type { HttpRequest, HttpResponse } from '../../engine/index.ts';
import type { Audit } from './audit.ts';
import type { Denial, Guard, Verdict } from './guard.ts';
import type { Principal } from './keys.ts';

/** What has happened at the gate so far. */
export interface GateCounters {
  requests: number;
  refused: number;
  /** Requests being answered now, standing streams included. */
  active: number;
  bytesOut: number;
}

/** Answers what needs no token. */
export type OpenRoute = (
  request: HttpRequest,
  response: HttpResponse,
  visit: { readonly path: string; readonly address: string },
) => Promise<void> | void;

/** How to build a gate. */
export interface GateOptions {
  readonly ctx: Context;
  readonly guard: Guard;
  readonly audit: Audit;
  /** Answers `/healthz` and OAuth's paths. */
  readonly openRoute: OpenRoute;
  /** Something happened that the panel may show. */
  readonly onChange?: () => void;
}

/** What the engine's endpoint is given. */
export interface Gate {
  /** Handles a request, or leaves it (false) to the engine because its sender was let in. */
  handle(request: HttpRequest, response: HttpResponse): Promise<boolean>;
  /** Who was let in with a request, known by its header fields. */
  principalOf(headers: object): Principal | undefined;
  readonly counters: Readonly<GateCounters>;
  close(): void;
}

/** How soon a revoked or expired token's open streams are cut, ms. */
const RECHECK_EVERY = 1_000;

/** Build a gate. */
export function createGate(options: GateOptions): Gate {
  const { ctx, guard, audit, onChange = () => {} } = options;
  const counters: GateCounters = { requests: 0, refused: 0, active: 0, bytesOut: 0 };
  const admitted = new WeakMap<object, Principal>();
  const open = new Map<HttpResponse, Principal>();

  const recheck = setInterval(async () => {
    for (const [response, principal] of open) {
      const holds = await guard.holds(principal).catch(() => false);
      if (!holds) response.destroy();
    }
  }, RECHECK_EVERY);
  recheck.unref();

  /** One line of the log and one count, when the response is over. */
  const follow = (request: HttpRequest, response: HttpResponse, verdict: Verdict) => {
    const started = ctx.now();
    const before = request.socket.bytesWritten;
    counters.requests++;
    counters.active++;
    if (verdict.kind === 'deny') counters.refused++;
    if (verdict.kind === 'pass') open.set(response, verdict.principal);
    response.once('close', () => {
      open.delete(response);
      counters.active--;
      counters.bytesOut += Math.max(0, request.socket.bytesWritten - before);
      audit.write({
        at: started.toISOString(),
        who: verdict.kind === 'pass' ? verdict.principal.who : '-',
        address: verdict.address,
        what: whatOf(request),
        status: response.statusCode,
        outcome: verdict.kind === 'deny' ? verdict.reason : 'ok',
        ms: ctx.now().getTime() - started.getTime(),
      });
      onChange();
    });
    onChange();
  };

  return {
    async handle(request, response) {
      const verdict = await guard.judge({
        method: request.method ?? '',
        target: request.url ?? '',
        headers: request.headers,
        peer: request.socket.remoteAddress ?? '',
      });
      follow(request, response, verdict);
      if (verdict.kind === 'deny') refuse(response, verdict);
      if (verdict.kind === 'open') await options.openRoute(request, response, verdict);
      if (verdict.kind === 'pass') admitted.set(request.headers, verdict.principal);
      return verdict.kind !== 'pass';
    },
    principalOf: (headers) => admitted.get(headers),
    counters,
    close: () => clearInterval(recheck),
  };
}

/** The query may hold anything, so it is left out. */
function whatOf({ method, url }: HttpRequest): string {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  return `${method} ${path.slice(0, 200)}`;
}

function refuse(response: HttpResponse, { status, message, headers }: Denial): void {
  const body = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // The rest of the body is not read.
    connection: 'close',
    ...headers,
  });
  response.end(body);
}
