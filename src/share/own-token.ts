/** The token that a share prints. */
import type { Context } from '../context.ts';
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

/** The token of that name when there is one, else a new one; without a name one that ends with the share. */
export async function tokenFor(
  ctx: Context,
  run: string,
  { target, tokenName, scope, lifetimeMs }: ShareOptions,
  closers: Closers,
): Promise<{ readonly entry: ShareToken; readonly secret?: string }> {
  const narrowed = Object.keys(scope).length > 0 || lifetimeMs !== undefined;
  if (tokenName !== undefined && !narrowed) {
    const existing = (await listTokens(ctx)).find(
      (token) =>
        token.name === tokenName &&
        sameTarget(token.target, target) &&
        stateOf(token, ctx.now()) === 'active',
    );
    if (existing) return { entry: existing };
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
