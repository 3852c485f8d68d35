/** Guard, gate, log and OAuth of one share, put together for the engine's endpoint. */
import type { Context } from '../../context.ts';
import type {
  Guard as EngineGuard,
  ExtraRoutes,
  HttpRequest,
  HttpResponse,
  Middleware,
} from '../../engine/index.ts';
import type { ConsentDesk } from '../oauth/consent.ts';
import { createOAuthServer } from '../oauth/server.ts';
import { openAudit } from './audit.ts';
import { createGate, type GateCounters, type OpenRoute } from './gate.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { scopeMiddleware } from './scope-middleware.ts';
import type { Scope } from './token-store.ts';

/** What is protected. */
export interface ProtectOptions
  extends Pick<
    GuardOptions,
    'run' | 'target' | 'servers' | 'open' | 'transport' | 'addressHeader' | 'requestsPerSecond'
  > {
  /** The public address at this moment, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Other addresses that visitors may use. */
  readonly alsoAt: () => readonly string[];
  /** What OAuth's tokens may reach. */
  readonly scope: Scope;
  /** With it, OAuth is served too. */
  readonly desk?: ConsentDesk;
  readonly onChange: () => void;
}

/** What the engine's endpoint is given. */
export interface Protection {
  readonly routes: ExtraRoutes;
  readonly guard: EngineGuard;
  readonly middleware: Middleware;
  readonly counters: Readonly<GateCounters>;
  readonly auditFile: string;
  close(): void;
}

/** Put a protection together. */
export function protect(ctx: Context, options: ProtectOptions): Protection {
  const { target, scope, publicUrl, desk, onChange } = options;
  const audit = openAudit(ctx, target.name);
  const oauth =
    desk && !options.open ? createOAuthServer({ ctx, target, scope, publicUrl, desk }) : undefined;
  const guard = createGuard({
    ctx,
    ...options,
    publicUrls: () => [publicUrl(), ...options.alsoAt()],
    ...(oauth && { oauth }),
  });
  const openRoute: OpenRoute = (request, response, visit) => {
    if (oauth?.has(visit.path)) return oauth.handle(request, response, visit);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else sendHealth(request, response);
  };
  const gate = createGate({ ctx, guard, audit, openRoute, onChange });
  const scopes = new Map<string, Scope>();
  const middleware = scopeMiddleware({
    scopeOf: (who) => scopes.get(who),
    now: () => ctx.now().getTime(),
    onCall: ({ principal, at, ...call }) =>
      audit.write({ at: new Date(at).toISOString(), who: principal, address: '', ...call }),
  });
  return {
    routes: gate.handle,
    middleware,
    guard: ({ headers }) => {
      const principal = gate.principalOf(headers);
      if (principal) scopes.set(principal.who, principal.scope);
      return principal
        ? { allow: true, principal: principal.who }
        : { allow: false, status: 401, body: '{"error":"not let in"}' };
    },
    counters: gate.counters,
    auditFile: audit.file,
    close() {
      gate.close();
      desk?.close();
      audit.close();
    },
  };
}

function sendHealth(_request: HttpRequest, response: HttpResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
}
