/** The credentials that open a share, as the files hold them at this moment. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from '../../context.ts';
import { defined } from '../../platform/defined.ts';
import { fileStamp } from '../../platform/files.ts';
import { readJson } from '../../platform/json.ts';
import {
  findSecret,
  listTokens,
  type Scope,
  type ShareTarget,
  type ShareToken,
  sameTarget,
  stateOf,
  tokensFile,
} from './token-store.ts';

/** Someone who was let in. */
export interface Principal {
  /** For the audit log: the token's name and id. */
  readonly who: string;
  readonly scope: Scope;
  /** The token's id; absent for the key of `auth.json` and for a share without protection. */
  readonly tokenId?: string;
  /** Epoch ms at which the credential ends by itself. */
  readonly expires?: number;
}

/** Why a credential opens nothing. */
export type Rejection = 'unknown' | 'expired' | 'revoked' | 'other-share';

/** Which share it is that is guarded. */
export interface GuardedShare {
  readonly target: ShareTarget;
  /** The id of this run of it: tokens that end with another one open nothing. */
  readonly run: string;
  /** The servers that are shared. */
  readonly servers: readonly string[];
}

/** Looks credentials up. */
export interface KeyRing {
  /** Who a presented text belongs to. @throws when the files cannot be read: the caller must then let nobody in. */
  find(presented: string): Promise<Principal | Rejection>;
  /** Whether someone let in before still is. */
  holds(principal: Principal): Promise<boolean>;
}

/** The key ring of one share. Files are read again when they have changed, so that a revocation counts at once. */
export function createKeyRing(ctx: Context, share: GuardedShare): KeyRing {
  const { target, run, servers } = share;
  const tokens = remembered(tokensFile(ctx), () => listTokens(ctx));
  const masterKey = remembered(ctx.paths.auth, () => readMasterKey(ctx));
  const judge = (token: ShareToken | undefined): Principal | Rejection => {
    if (token === undefined) return 'unknown';
    if (!sameTarget(token.target, target)) return 'other-share';
    if (token.run !== undefined && token.run !== run) return 'other-share';
    if (token.servers && !servers.every((name) => token.servers?.includes(name)))
      return 'other-share';
    const state = stateOf(token, ctx.now());
    return state === 'active' ? principalOf(token) : state;
  };
  return {
    async find(presented) {
      const token = findSecret(await tokens(), presented);
      if (token) return judge(token);
      const key = await masterKey();
      return key !== undefined && equal(key, presented) ? MASTER : 'unknown';
    },
    async holds({ tokenId, expires }) {
      if (expires !== undefined && expires <= ctx.now().getTime()) return false;
      if (tokenId === undefined) return true;
      const token = (await tokens()).find(({ id }) => id === tokenId);
      return typeof judge(token) === 'object';
    },
  };
}

/** The holder of `auth.json`'s key: the owner. */
const MASTER: Principal = { who: 'auth.json', scope: {} };

/** Someone who holds a token. */
function principalOf(token: ShareToken): Principal {
  const { readOnly, tools, servers } = token;
  return {
    who: `${token.name} (${token.id})`,
    tokenId: token.id,
    scope: defined({ readOnly, tools, servers }),
    ...(token.expires !== undefined && { expires: Date.parse(token.expires) }),
  };
}

async function readMasterKey(ctx: Context): Promise<string | undefined> {
  const content = (await readJson(ctx.paths.auth)) as { api_key?: unknown } | undefined;
  const key = content?.api_key;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function remembered<T>(file: string, read: () => Promise<T>): () => Promise<T> {
  let stamp: string | undefined | null = null;
  let value: Promise<T> | undefined;
  return async () => {
    const now = fileStamp(file);
    if (value === undefined || now !== stamp) {
      stamp = now;
      value = read();
      value.catch(() => {
        value = undefined;
      });
    }
    return value;
  };
}

function equal(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
