/** Authorization codes: given once, taken once, within a minute, by the client that asked (RFC 6749 §4.1.2, RFC 7636). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OAuthClient } from './clients.ts';
import { OAuthError } from './errors.ts';

/** What a code stands for. */
export interface Wish {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  /** The PKCE challenge, S256. */
  readonly challenge: string;
  readonly state: string | null;
}

/** What a client presents with its code. */
export interface Redemption {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** The codes that are out. */
export interface Codes {
  give(wish: Wish): string;
  /**
   * Take a code, once. `onReplay` sets what happens when it is presented again.
   * @throws OAuthError `invalid_grant`.
   */
  redeem(
    code: string,
    redemption: Redemption,
  ): { readonly client: OAuthClient; onReplay(undo: () => void): void };
}

interface Code extends Wish {
  readonly expires: number;
  used: boolean;
  undo: () => void;
}

/** Milliseconds. */
export const CODE_LIFETIME = 60_000;
const CODES_KEPT = 1_000;

/** No codes yet. Only their hashes are kept. */
export function createCodes(now: () => Date): Codes {
  const codes = new Map<string, Code>();
  return {
    give(wish) {
      const code = randomBytes(32).toString('base64url');
      const expires = now().getTime() + CODE_LIFETIME;
      codes.set(digest(code), { ...wish, expires, used: false, undo: () => {} });
      if (codes.size > CODES_KEPT) codes.delete(codes.keys().next().value ?? '');
      return code;
    },
    redeem(text, redemption) {
      const code = codes.get(digest(text));
      if (code?.used) code.undo();
      const sound = code !== undefined && !code.used && fits(code, redemption, now());
      if (code) code.used = true;
      if (!sound) throw new OAuthError('invalid_grant', 'the code is not valid');
      return {
        client: code.client,
        onReplay(undo) {
          code.undo = undo;
        },
      };
    },
  };
}

function fits(code: Code, { clientId, redirectUri, verifier }: Redemption, now: Date): boolean {
  return (
    code.expires > now.getTime() &&
    code.client.id === clientId &&
    code.redirectUri === redirectUri &&
    answersChallenge(verifier, code.challenge)
  );
}

/** RFC 7636 §4.6. */
function answersChallenge(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  const given = Buffer.from(digest(verifier));
  const wanted = Buffer.from(challenge);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
