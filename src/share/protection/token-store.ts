/** The tokens of shares: made here, kept hashed, revoked, rotated. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { McpmError } from '../../errors.ts';
import { defined } from '../../platform/defined.ts';
import {
  asRecord,
  asText,
  asTexts,
  type JsonStore,
  jsonStore,
  ShapeError,
} from '../../platform/store.ts';

/** What is shared. */
export interface ShareTarget {
  readonly kind: 'server' | 'profile';
  readonly name: string;
}

/** What a token may reach. Absent means all. */
export interface Scope {
  /** Tools annotated as read-only, resources and prompts. */
  readonly readOnly?: boolean;
  /** Globs over tool names as clients see them. */
  readonly tools?: readonly string[];
  /** Servers of a profile: the token opens a share of nothing else. */
  readonly servers?: readonly string[];
}

/** A token, as it is kept. */
export interface ShareToken extends Scope {
  /** Short, for `mcpm share revoke`. */
  readonly id: string;
  readonly name: string;
  readonly target: ShareTarget;
  /** Hex SHA-256: 256 random bits need no salt and no slow hash. */
  readonly hash: string;
  /** ISO times. */
  readonly created: string;
  readonly expires?: string;
  readonly revoked?: string;
  /** It ends with the share that made it: the id of that run. */
  readonly run?: string;
  /** Given out by OAuth: how its client gets the next one. */
  readonly refresh?: { readonly hash: string; readonly expires: string };
}

/** What a new token is made from. */
export type TokenRequest = Scope &
  Pick<ShareToken, 'name' | 'target' | 'run'> & {
    /** Milliseconds until it expires. */
    readonly lifetimeMs?: number;
  };

/** A token and, this once, its text. */
export interface IssuedToken {
  readonly token: ShareToken;
  readonly secret: string;
}

/** Where a token stands. */
export type TokenState = 'active' | 'expired' | 'revoked';

/** The file of tokens. */
export function tokenStore(ctx: Context): JsonStore<readonly ShareToken[]> {
  return jsonStore(tokensFile(ctx), {
    empty: () => [],
    decode: (json) => {
      const { tokens } = asRecord(json, []);
      if (!Array.isArray(tokens)) throw new ShapeError(['tokens'], 'a list of tokens');
      return tokens.map((entry, index) => decode(entry, ['tokens', index]));
    },
    encode: (tokens) => ({ tokens }),
  });
}

function decode(value: unknown, path: readonly (string | number)[]): ShareToken {
  const entry = asRecord(value, path);
  for (const field of ['id', 'name', 'hash', 'created']) asText(entry[field], [...path, field]);
  const target = asRecord(entry['target'], [...path, 'target']);
  asText(target['name'], [...path, 'target', 'name']);
  for (const field of ['expires', 'revoked'])
    if (entry[field] !== undefined) asTime(entry[field], [...path, field]);
  if (entry['refresh'] !== undefined) {
    const refresh = asRecord(entry['refresh'], [...path, 'refresh']);
    asText(refresh['hash'], [...path, 'refresh', 'hash']);
    asTime(refresh['expires'], [...path, 'refresh', 'expires']);
  }
  for (const field of ['tools', 'servers'])
    if (entry[field] !== undefined) asTexts(entry[field], [...path, field]);
  return { ...entry } as unknown as ShareToken;
}

/** A time that cannot be read must not read as "never". */
function asTime(value: unknown, path: readonly (string | number)[]): void {
  if (Number.isNaN(Date.parse(asText(value, path)))) throw new ShapeError(path, 'an ISO time');
}

/** The file that holds the hashed tokens. */
export function tokensFile(ctx: Context): string {
  return join(ctx.paths.sharesDir, 'tokens.json');
}

/** All tokens ever made and not forgotten. */
export function listTokens(ctx: Context): Promise<readonly ShareToken[]> {
  return tokenStore(ctx).read();
}

/**
 * Make a token of 256 random bits. Its text is returned this once and kept nowhere.
 * @throws McpmError `CONFLICT` when an active token of that name exists for the target.
 */
export async function issueToken(ctx: Context, request: TokenRequest): Promise<IssuedToken> {
  const issued = newToken(ctx, request);
  await tokenStore(ctx).update((tokens) => {
    const taken = tokens.find(
      (token) =>
        token.name === request.name &&
        sameTarget(token.target, request.target) &&
        stateOf(token, ctx.now()) === 'active',
    );
    if (taken)
      throw new McpmError(
        'CONFLICT',
        `There is a token ${request.name} for ${request.target.name}`,
        {
          hint: `Replace it: mcpm share rotate ${taken.id}; end it: mcpm share revoke ${taken.id}`,
          data: { id: taken.id },
        },
      );
    return [...tokens.filter((token) => !forgettable(token, ctx.now())), issued.token];
  });
  return issued;
}

/**
 * Revoke the tokens with this id or name.
 * @throws McpmError `NOT_FOUND` when no active token has it.
 */
export async function revokeTokens(ctx: Context, which: string): Promise<readonly ShareToken[]> {
  const revoked: ShareToken[] = [];
  await tokenStore(ctx).update((tokens) =>
    tokens.map((token) => {
      if (!matches(token, which) || !revocable(token, ctx.now())) return token;
      const after = { ...token, revoked: ctx.now().toISOString() };
      revoked.push(after);
      return after;
    }),
  );
  if (revoked.length > 0) return revoked;
  throw notFound(which);
}

/**
 * Revoke a token and make one like it, with the same name, scope and, from now, the same lifetime.
 * @throws McpmError `NOT_FOUND`, or `INVALID_INPUT` when the name is that of several.
 */
export async function rotateToken(ctx: Context, which: string): Promise<IssuedToken> {
  const found = (await listTokens(ctx)).filter(
    (token) => matches(token, which) && token.revoked === undefined && token.refresh === undefined,
  );
  const [old, second] = found;
  if (old === undefined) throw notFound(which);
  if (second !== undefined)
    throw new McpmError('INVALID_INPUT', `Several tokens are called ${which}`, {
      hint: `Name one by its id: ${found.map(({ id }) => id).join(', ')}`,
    });
  const { name, target, readOnly, tools, servers, run, created, expires } = old;
  const lifetimeMs = expires === undefined ? undefined : Date.parse(expires) - Date.parse(created);
  const issued = newToken(ctx, {
    name,
    target,
    ...defined({ readOnly, tools, servers, run, lifetimeMs }),
  });
  await tokenStore(ctx).update((tokens) => [
    ...tokens.map((token) =>
      token.id === old.id ? { ...token, revoked: ctx.now().toISOString() } : token,
    ),
    issued.token,
  ]);
  return issued;
}

/** Whether a token counts now. */
export function stateOf(token: ShareToken, now: Date): TokenState {
  if (token.revoked !== undefined) return 'revoked';
  return token.expires !== undefined && Date.parse(token.expires) <= now.getTime()
    ? 'expired'
    : 'active';
}

/** The token whose text was presented, whatever its state. Every one is compared, each in constant time. */
export function findSecret(
  tokens: readonly ShareToken[],
  presented: string,
): ShareToken | undefined {
  const given = Buffer.from(hashSecret(presented));
  let found: ShareToken | undefined;
  for (const token of tokens) {
    const expected = Buffer.from(token.hash);
    if (expected.length === given.length && timingSafeEqual(expected, given)) found = token;
  }
  return found;
}

/** How a token's text is kept. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}

/** Whether two targets are the same. */
export function sameTarget(one: ShareTarget, other: ShareTarget): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** A token that is not stored yet. */
export function newToken(ctx: Context, { lifetimeMs, ...request }: TokenRequest): IssuedToken {
  const secret = `mcpms_${randomBytes(32).toString('base64url')}`;
  const now = ctx.now();
  const token: ShareToken = {
    id: randomBytes(4).toString('hex'),
    ...request,
    hash: hashSecret(secret),
    created: now.toISOString(),
    ...(lifetimeMs !== undefined && {
      expires: new Date(now.getTime() + lifetimeMs).toISOString(),
    }),
  };
  return { token, secret };
}

function matches(token: ShareToken, which: string): boolean {
  return token.id === which || token.name === which;
}

/** What expired but can still be refreshed has not ended. */
function revocable(token: ShareToken, now: Date): boolean {
  if (stateOf(token, now) === 'active') return true;
  return token.revoked === undefined && Date.parse(token.refresh?.expires ?? '') > now.getTime();
}

const MONTH = 30 * 86_400_000;

/** Tokens that ended a month ago are no longer listed. */
function forgettable(token: ShareToken, now: Date): boolean {
  const ended = token.revoked ?? token.refresh?.expires ?? token.expires;
  return ended !== undefined && now.getTime() - Date.parse(ended) > MONTH;
}

function notFound(which: string): McpmError {
  return new McpmError('NOT_FOUND', `No token of that name or id is active: ${which}`, {
    hint: 'List them: mcpm share ls',
  });
}
