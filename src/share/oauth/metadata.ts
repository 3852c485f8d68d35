/** Where OAuth's endpoints are, and the two documents that say so. */
import { OAuthError } from './errors.ts';

/** The endpoints below a share's public address. */
export const PATHS = {
  authorize: '/oauth/authorize',
  wait: '/oauth/authorize/wait',
  token: '/oauth/token',
  register: '/oauth/register',
  revoke: '/oauth/revoke',
} as const;

const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';

/** Every path of OAuth, as the origin sees it: the relay takes `/t/<id>` out of the middle of a well-known one. */
export const OAUTH_PATHS: ReadonlySet<string> = new Set([
  ...Object.values(PATHS),
  RESOURCE,
  `${RESOURCE}/mcp`,
  SERVER,
]);

/** Which document a path holds. */
export function documentAt(path: string): 'resource' | 'server' | undefined {
  if (path === RESOURCE || path === `${RESOURCE}/mcp`) return 'resource';
  return path === SERVER ? 'server' : undefined;
}

/** The protected resource: the MCP endpoint. */
function resourceOf(publicUrl: string): string {
  return `${publicUrl}/mcp`;
}

/** Where its metadata is (RFC 9728 §3.1: the well-known part goes between host and path). */
export function metadataUrlOf(publicUrl: string): string {
  const { origin, pathname } = new URL(resourceOf(publicUrl));
  return `${origin}${RESOURCE}${pathname}`;
}

/** Protected-resource metadata (RFC 9728 §2). */
export function resourceMetadata(publicUrl: string) {
  return {
    resource: resourceOf(publicUrl),
    authorization_servers: [publicUrl],
    bearer_methods_supported: ['header'],
  };
}

/** Authorization-server metadata (RFC 8414 §2; client-ID metadata documents; RFC 9207). */
export function serverMetadata(publicUrl: string) {
  return {
    issuer: publicUrl,
    authorization_endpoint: publicUrl + PATHS.authorize,
    token_endpoint: publicUrl + PATHS.token,
    registration_endpoint: publicUrl + PATHS.register,
    revocation_endpoint: publicUrl + PATHS.revoke,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
  };
}

/** Tokens are for this share's endpoint alone (RFC 8707). */
export function checkResource(resource: string | null, publicUrl: string): void {
  if (resource === null) return;
  const known = [resourceOf(publicUrl), `${resourceOf(publicUrl)}/`, publicUrl, `${publicUrl}/`];
  if (!known.includes(resource))
    throw new OAuthError('invalid_target', 'tokens are for this share');
}
