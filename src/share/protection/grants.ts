/** Tokens that OAuth gives out: an hour long, renewed with a refresh token that changes at every use. */
import { randomBytes } from 'node:crypto';
import type { Context } from '../../context.ts';
import {
  hashSecret,
  newToken,
  type Scope,
  type ShareTarget,
  type ShareToken,
  tokenStore,
} from './token-store.ts';

/** What a client gets. */
export interface Grant {
  readonly token: ShareToken;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

const ACCESS_LIFETIME = 3_600_000;
const REFRESH_LIFETIME = 30 * 86_400_000;

/** Give a client its first tokens. */
export async function issueGrant(
  ctx: Context,
  request: { readonly name: string; readonly target: ShareTarget; readonly scope: Scope },
): Promise<Grant> {
  const { name, target, scope } = request;
  const grant = mint(ctx, { name, target, ...scope });
  await tokenStore(ctx).update((tokens) => [...tokens, grant.token]);
  return grant;
}

/**
 * Exchange a refresh token. One that was used before means that it was stolen, or its successor was: the whole grant is revoked
 * (RFC 9700 §4.14.2).
 * @returns `undefined` when it is not to be exchanged
 */
export async function refreshGrant(
  ctx: Context,
  target: ShareTarget,
  presented: string,
): Promise<Grant | undefined> {
  const [id = '', secret = ''] = presented.replace(/^mcpmo_/, '').split('.');
  let renewed: Grant | undefined;
  await tokenStore(ctx).update((tokens) =>
    tokens.map((token) => {
      if (token.id !== id || !renewable(token, target, ctx.now())) return token;
      if (token.refresh?.hash !== hashSecret(secret))
        return { ...token, revoked: ctx.now().toISOString() };
      const { hash, created, expires, refresh, ...kept } = token;
      renewed = mint(ctx, kept, token.id, created);
      return renewed.token;
    }),
  );
  return renewed;
}

function renewable(token: ShareToken, target: ShareTarget, now: Date): boolean {
  return (
    token.refresh !== undefined &&
    token.revoked === undefined &&
    token.target.kind === target.kind &&
    token.target.name === target.name &&
    Date.parse(token.refresh.expires) > now.getTime()
  );
}

function mint(
  ctx: Context,
  request: Parameters<typeof newToken>[1],
  id?: string,
  created?: string,
): Grant {
  const { token, secret } = newToken(ctx, { ...request, lifetimeMs: ACCESS_LIFETIME });
  const refreshSecret = randomBytes(32).toString('base64url');
  const kept: ShareToken = {
    ...token,
    ...(id !== undefined && { id }),
    ...(created !== undefined && { created }),
    refresh: {
      hash: hashSecret(refreshSecret),
      expires: new Date(ctx.now().getTime() + REFRESH_LIFETIME).toISOString(),
    },
  };
  return {
    token: kept,
    accessToken: secret,
    refreshToken: `mcpmo_${kept.id}.${refreshSecret}`,
    expiresIn: ACCESS_LIFETIME / 1000,
  };
}

/** End the grant that an access or refresh token belongs to (RFC 7009); an unknown one is no error. */
export async function revokeByText(ctx: Context, text: string): Promise<void> {
  const [, id, secret] = /^mcpmo_([0-9a-f]+)\.(.+)$/.exec(text) ?? [];
  const hash = hashSecret(secret ?? text);
  const revoked = ctx.now().toISOString();
  await tokenStore(ctx).update((tokens) =>
    tokens.map((token) => {
      if (token.refresh === undefined || token.revoked !== undefined) return token;
      const matches = id === undefined ? token.hash === hash : token.refresh.hash === hash;
      return matches ? { ...token, revoked } : token;
    }),
  );
}
