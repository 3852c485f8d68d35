/**
 * An authorization server for one share (OAuth 2.1 as MCP asks for it): public clients with PKCE, the owner's consent, tokens for this
 * one resource.
 */

import type { Context } from '../../context.ts';
import type { HttpRequest, HttpResponse } from '../../engine/index.ts';
import { issueGrant, refreshGrant, revokeByText } from '../protection/grants.ts';
import type { Scope, ShareTarget } from '../protection/token-store.ts';
import { type Authorization, createAuthorization } from './authorize.ts';
import { type ClientWorld, registerClient } from './clients.ts';
import type { ConsentDesk } from './consent.ts';
import { OAuthError } from './errors.ts';
import {
  checkResource,
  documentAt,
  metadataUrlOf,
  OAUTH_PATHS,
  PATHS,
  resourceMetadata,
  serverMetadata,
} from './metadata.ts';

/** How to build one. */
export interface OAuthOptions extends Partial<ClientWorld> {
  readonly ctx: Context;
  readonly target: ShareTarget;
  /** What its tokens may reach. */
  readonly scope: Scope;
  readonly publicUrl: () => string;
  readonly desk: ConsentDesk;
}

/** A running one. */
export interface OAuthServer {
  has(path: string): boolean;
  metadataUrl(): string;
  /** Answer a request to one of its paths. */
  handle(
    request: HttpRequest,
    response: HttpResponse,
    visit: { readonly path: string; readonly address: string },
  ): Promise<void>;
}

const MAX_BODY = 64 * 1024;

/** Build the authorization server of a share. */
export function createOAuthServer(options: OAuthOptions): OAuthServer {
  const { ctx, publicUrl } = options;
  const world: ClientWorld = {
    fetch: options.fetch ?? ctx.fetch,
    ...(options.addressesOf && { addressesOf: options.addressesOf }),
  };
  const authorization = createAuthorization({ desk: options.desk, world, publicUrl, now: ctx.now });
  const routes: Readonly<Record<string, (request: HttpRequest) => Promise<object>>> = {
    [PATHS.token]: async (request) => tokenAnswer(await readForm(request), options, authorization),
    [PATHS.register]: async (request) => registerClient(parseJson(await readBody(request))),
    [PATHS.revoke]: async (request) => {
      await revokeByText(ctx, (await readForm(request)).get('token') ?? '');
      return {};
    },
  };
  const respond = async (
    request: HttpRequest,
    response: HttpResponse,
    { path, address }: { readonly path: string; readonly address: string },
  ) => {
    const document = documentAt(path);
    if (document === 'resource') return sendJson(response, 200, resourceMetadata(publicUrl()));
    if (document === 'server') return sendJson(response, 200, serverMetadata(publicUrl()));
    const query = new URL(request.url ?? '', 'http://here').searchParams;
    if (path === PATHS.authorize) return authorization.begin(query, response, address);
    if (path === PATHS.wait) return authorization.wait(query, response);
    if (request.method !== 'POST')
      return sendJson(response, 405, { error: 'invalid_request' }, { allow: 'POST' });
    const answer = await routes[path]?.(request);
    sendJson(response, path === PATHS.register ? 201 : 200, answer ?? {});
  };
  return {
    has: (path) => OAUTH_PATHS.has(path),
    metadataUrl: () => metadataUrlOf(publicUrl()),
    async handle(request, response, visit) {
      try {
        await respond(request, response, visit);
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        sendJson(response, 400, { error: error.code, error_description: error.message });
      }
    },
  };
}

async function tokenAnswer(
  form: URLSearchParams,
  { ctx, target, scope, publicUrl }: OAuthOptions,
  authorization: Authorization,
): Promise<object> {
  checkResource(form.get('resource'), publicUrl());
  const kind = form.get('grant_type');
  if (kind === 'refresh_token') {
    const renewed = await refreshGrant(ctx, target, form.get('refresh_token') ?? '');
    if (renewed === undefined)
      throw new OAuthError('invalid_grant', 'the refresh token is not valid');
    return tokenBody(renewed);
  }
  if (kind !== 'authorization_code')
    throw new OAuthError('unsupported_grant_type', 'authorization_code or refresh_token');
  const redeemed = authorization.redeem(form.get('code') ?? '', {
    clientId: form.get('client_id') ?? '',
    redirectUri: form.get('redirect_uri') ?? '',
    verifier: form.get('code_verifier') ?? '',
  });
  const grant = await issueGrant(ctx, { name: `oauth: ${redeemed.client.name}`, target, scope });
  redeemed.onReplay(() => void revokeByText(ctx, grant.accessToken));
  return tokenBody(grant);
}

function tokenBody(grant: Awaited<ReturnType<typeof issueGrant>>) {
  return {
    access_token: grant.accessToken,
    token_type: 'Bearer',
    expires_in: grant.expiresIn,
    refresh_token: grant.refreshToken,
  };
}

function sendJson(
  response: HttpResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

async function readForm(request: HttpRequest): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request));
}

async function readBody(request: HttpRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new OAuthError('invalid_request', 'too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OAuthError('invalid_client_metadata', 'not JSON');
  }
}
