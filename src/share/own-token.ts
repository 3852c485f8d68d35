/** The token that a share prints. */
import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { defined } from '../platform/defined.ts';
import type { Closers } from './closing.ts';
import {
  issueToken,
  listTokens,
  revokeTokens,
  type ShareToken,
  sameTarget,
  stateOf,
} from './protection/token-store.ts';
import type { ShareOptions } from './session.ts';

/**
 * The token of that name when there is one, else a new one; without a name one that ends with the share.
 * @throws McpmError `CONFLICT` when there is one of that name that reaches or lasts further than what is asked for.
 */
export async function tokenFor(
  ctx: Context,
  run: string,
  options: ShareOptions,
  closers: Closers,
): Promise<{ readonly entry: ShareToken; readonly secret?: string }> {
  const { target, tokenName, scope, lifetimeMs } = options;
  if (tokenName !== undefined) {
    const existing = (await listTokens(ctx)).find(
      (token) =>
        token.name === tokenName &&
        sameTarget(token.target, target) &&
        stateOf(token, ctx.now()) === 'active',
    );
    if (existing && suits(existing, options, ctx.now())) return { entry: existing };
  }
  const issued = await issueToken(ctx, {
    name: tokenName ?? `${target.name}-${run.slice(0, 6)}`,
    target,
    ...scope,
    ...(lifetimeMs !== undefined && { lifetimeMs }),
    ...(tokenName === undefined && { run }),
  });
  if (tokenName === undefined)
    closers.add(() => revokeTokens(ctx, issued.token.id).catch(() => {}));
  return { entry: issued.token, secret: issued.secret };
}

/** Whether a token is what is asked for: the same reach, when one is asked for, and no later end. */
function suits(token: ShareToken, { scope, lifetimeMs }: ShareOptions, now: Date): boolean {
  const { readOnly, tools, servers } = token;
  const reach = defined({ readOnly, tools, servers });
  if (Object.keys(scope).length > 0 && !isDeepStrictEqual(reach, defined({ ...scope })))
    return false;
  return (
    lifetimeMs === undefined ||
    (token.expires !== undefined && Date.parse(token.expires) <= now.getTime() + lifetimeMs)
  );
}

/** A share whose one token has expired serves nobody. */
export function expiry(
  ctx: Context,
  token: ShareToken | undefined,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    if (token?.expires === undefined || token.run === undefined) return;
    const check = () => {
      if (Date.parse(token.expires ?? '') <= ctx.now().getTime()) resolve('expired');
    };
    const timer = setInterval(check, 1_000);
    timer.unref();
    signal.addEventListener('abort', () => clearInterval(timer));
  });
}
