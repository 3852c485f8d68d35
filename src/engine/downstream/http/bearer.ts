/** A guard that asks for a bearer token (RFC 6750). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Guard, GuardRequest } from './types.ts';

/** What the guard says of itself when it refuses. */
export interface BearerOptions {
  /** The URL of the protected-resource metadata (RFC 9728), for `WWW-Authenticate`. */
  readonly resourceMetadata?: string;
}

/**
 * Allow requests that carry this very token, compared in constant time. An empty token allows nothing.
 */
export function bearerGuard(token: string, options: BearerOptions = {}): Guard {
  const right = digest(token);
  const metadata = options.resourceMetadata
    ? `, resource_metadata="${options.resourceMetadata}"`
    : '';
  return (request) => {
    const given = tokenOf(request);
    if (token !== '' && given !== undefined && timingSafeEqual(digest(given), right)) {
      return { allow: true };
    }
    const error = given === undefined ? '' : ', error="invalid_token"';
    return {
      allow: false,
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="mcpm"${error}${metadata}` },
      body: JSON.stringify({ error: given === undefined ? 'missing_token' : 'invalid_token' }),
    };
  };
}

/** The bearer token of a request; undefined without one. */
function tokenOf({ headers }: Pick<GuardRequest, 'headers'>): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
