/** Puts together what a configured remote server needs: its headers, its credentials, its transport. */
import type { RemoteServer } from '../../../config/types.ts';
import type { Context } from '../../../context.ts';
import { resolveReferences } from '../../../secrets/index.ts';
import type { Upstream } from '../types.ts';
import { createHttpUpstream } from './http.ts';

/** An idle upstream of a remote server. Headers that carry credentials are used as they are; else OAuth answers a 401. */
export function createRemoteUpstream(
  ctx: Context,
  server: RemoteServer,
  limits: { readonly maxFrameBytes: number },
): Upstream {
  return createHttpUpstream({
    ctx,
    server,
    maxFrameBytes: limits.maxFrameBytes,
    headers: () => resolveReferences(ctx, server.headers),
  });
}
