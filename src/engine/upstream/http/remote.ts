/** Puts together what a configured remote server needs: its headers, its credentials, its transport. */
import type { RemoteServer } from '../../../config/types.ts';
import type { Context } from '../../../context.ts';
import { resolveReferences } from '../../../secrets/index.ts';
import type { IntakeLimits } from '../intake.ts';
import { createAuthorizer, signInFromHere } from '../oauth/oauth.ts';
import type { Upstream } from '../types.ts';
import { createHttpUpstream } from './http.ts';

/** An idle upstream of a remote server. Headers that carry credentials are used as they are; else OAuth answers a refusal. */
export function createRemoteUpstream(
  ctx: Context,
  server: RemoteServer & Readonly<Record<string, unknown>>,
  limits: IntakeLimits,
): Upstream {
  const hasCredentials = Object.keys(server.headers).some((name) => /^authorization$/i.test(name));
  return createHttpUpstream({
    ctx,
    server,
    limits,
    headers: () => resolveReferences(ctx, server.headers),
    ...(!hasCredentials && {
      authorizer: () => createAuthorizer(ctx, server, signInFromHere(ctx, server.name)),
    }),
  });
}
