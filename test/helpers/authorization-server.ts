/**
 * A small, strict authorization server and the guard of a resource it protects, for one test: RFC 6749 code grant with PKCE
 * (RFC 7636, S256 alone), metadata (RFC 8414, RFC 9728), dynamic registration (RFC 7591), resource indicators (RFC 8707),
 * issuer identification (RFC 9207), one-time refresh tokens (reuse ends the grant).
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { json, type Received, serve } from './http-server.ts';

/** What differs between tests. */
export interface AuthorizationServerOptions {
  readonly registration?: boolean;
  readonly metadataDocuments?: boolean;
  readonly authMethods?: readonly string[];
  /** Clients known beforehand: id → secret. */
  readonly clients?: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly tokenLifetime?: number;
  /** What it calls itself in the redirect, where that is not its issuer. */
  readonly lieAboutIssuer?: string;
  /** Where it says that its sign-in page is, where that is not so. */
  readonly signInPage?: string;
  /** The person says no. */
  readonly refuse?: boolean;
}

interface Client {
  readonly secret?: string;
  readonly redirects: readonly string[] | 'any';
}

interface Code {
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
  readonly scope: string;
  readonly resource: string | null;
}

/** A running authorization server. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** How often each endpoint was used: `register`, `authorize`, `token`, `refresh`. */
  readonly count: Record<'register' | 'authorize' | 'token' | 'refresh', number>;
  /** The scope of each authorization request. */
  readonly asked: (string | null)[];
  /** Ids of clients that asked for authorization. */
  readonly clientsSeen: string[];
  /** End every access token, as time would. */
  expire(): void;
  /** End every refresh token. */
  revoke(): void;
  /** Answer every request with a status, or work again. */
  fail(status: number | undefined): void;
  /** The scope of a live access token for a resource, else undefined. */
  check(token: string | undefined, resource: string): string | undefined;
}

/** Start an authorization server; it stops with the test. */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  const clients = new Map<string, Client>(
    Object.entries(options.clients ?? {}).map(([id, secret]) => [id, { secret, redirects: 'any' }]),
  );
  const codes = new Map<string, Code>();
  const access = new Map<string, { scope: string; resource: string | null; grant: string }>();
  const refresh = new Map<string, { code: Code; grant: string }>();
  const count = { register: 0, authorize: 0, token: 0, refresh: 0 };
  const asked: (string | null)[] = [];
  const clientsSeen: string[] = [];
  let issuer = '';
  let failing: number | undefined;

  const refuse = (response: ServerResponse, error: string, status = 400) =>
    json(response, { error, error_description: 'no' }, status);

  const issue = (response: ServerResponse, code: Code, grant: string) => {
    const token = `at-${randomUUID()}`;
    const next = `rt-${randomUUID()}`;
    access.set(token, { scope: code.scope, resource: code.resource, grant });
    refresh.set(next, { code, grant });
    json(response, {
      access_token: token,
      token_type: 'Bearer',
      refresh_token: next,
      scope: code.scope,
      expires_in: options.tokenLifetime ?? 3600,
    });
  };

  const authenticated = ({ headers }: Received, form: URLSearchParams): string | undefined => {
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const [id, secret] = basic
      ? (Buffer.from(basic, 'base64').toString().split(':') as [string, string])
      : [form.get('client_id') ?? '', form.get('client_secret') ?? undefined];
    if (id.startsWith('https://')) return options.metadataDocuments ? id : undefined;
    const client = clients.get(id);
    return client && client.secret === secret ? id : undefined;
  };

  const token = (request: Received, response: ServerResponse) => {
    const form = new URLSearchParams(request.text);
    const client = authenticated(request, form);
    if (client === undefined) return refuse(response, 'invalid_client', 401);
    const exchange = form.get('grant_type') === 'refresh_token' ? refreshed : exchanged;
    return exchange(form, client, response);
  };

  const refreshed = (form: URLSearchParams, client: string, response: ServerResponse) => {
    count.refresh += 1;
    const given = form.get('refresh_token') ?? '';
    const found = refresh.get(given);
    refresh.delete(given);
    if (found?.code.client !== client) return refuse(response, 'invalid_grant');
    return issue(response, found.code, found.grant);
  };

  const exchanged = (form: URLSearchParams, client: string, response: ServerResponse) => {
    count.token += 1;
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code?.client !== client || code.challenge !== challenge)
      return refuse(response, 'invalid_grant');
    if (code.redirect !== form.get('redirect_uri') || code.resource !== form.get('resource'))
      return refuse(response, 'invalid_request');
    return issue(response, code, randomUUID());
  };

  const accepts = (client: string, redirect: string): boolean => {
    if (client.startsWith('https://')) return options.metadataDocuments === true;
    const redirects = clients.get(client)?.redirects ?? [];
    return redirects === 'any' || redirects.includes(redirect);
  };

  const authorize = ({ searchParams: query }: URL, response: ServerResponse) => {
    const text = (name: string) => query.get(name) ?? '';
    count.authorize += 1;
    asked.push(query.get('scope'));
    clientsSeen.push(text('client_id'));
    if (!accepts(text('client_id'), text('redirect_uri')))
      return refuse(response, 'unknown client or redirect');
    if (text('code_challenge_method') !== 'S256') return refuse(response, 'no PKCE');
    const back = new URL(text('redirect_uri'));
    back.searchParams.set('state', text('state'));
    back.searchParams.set('iss', options.lieAboutIssuer ?? issuer);
    const code = randomUUID();
    codes.set(code, {
      client: text('client_id'),
      redirect: text('redirect_uri'),
      challenge: text('code_challenge'),
      scope: text('scope'),
      resource: query.get('resource'),
    });
    if (options.refuse) back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', code);
    return response.writeHead(302, { location: back.href }).end();
  };

  const register = ({ body }: Received, response: ServerResponse) => {
    count.register += 1;
    const id = `client-${randomUUID()}`;
    clients.set(id, { redirects: body.redirect_uris });
    return json(response, { ...body, client_id: id }, 201);
  };

  const metadata = () => ({
    issuer,
    authorization_endpoint: options.signInPage ?? `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    ...(options.registration !== false && { registration_endpoint: `${issuer}/register` }),
    ...(options.metadataDocuments && { client_id_metadata_document_supported: true }),
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: options.authMethods ?? ['none'],
    authorization_response_iss_parameter_supported: true,
  });

  const server = await serve((request, response) => {
    const url = new URL(request.path, issuer);
    const routes: Record<string, () => unknown> = {
      '/.well-known/oauth-authorization-server': () => json(response, metadata()),
      '/authorize': () => authorize(url, response),
      '/token': () => token(request, response),
      '/register': () => register(request, response),
    };
    if (failing !== undefined) return refuse(response, 'temporarily_unavailable', failing);
    return (routes[url.pathname] ?? (() => refuse(response, 'not found', 404)))();
  });
  issuer = new URL(server.url).origin;
  return {
    issuer,
    count,
    asked,
    clientsSeen,
    expire: () => access.clear(),
    revoke: () => refresh.clear(),
    fail: (status) => {
      failing = status;
    },
    check: (given, resource) => {
      const found = access.get(given ?? '');
      return found?.resource === resource ? found.scope : undefined;
    },
  };
}

/** An MCP server of the stateless kind that answers any request, behind an authorization server. */
export async function startProtected(
  server: () => AuthorizationServer,
  scopeOf: (method: string) => string = () => 'read',
) {
  const protectedServer = await serve((request, response) => {
    const { url } = protectedServer;
    const { origin } = new URL(url);
    if (request.path === '/.well-known/oauth-protected-resource/mcp')
      return json(response, { resource: url, authorization_servers: [server().issuer] });
    const method = request.body?.method ?? '';
    const scope = scopeOf(method);
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const granted = server().check(given, url);
    const where = `resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="${scope}"`;
    if (granted === undefined)
      return json(response, { error: 'invalid_token' }, 401, {
        'www-authenticate': `Bearer ${where}`,
      });
    if (!granted.split(' ').includes(scope))
      return json(response, { error: 'insufficient_scope' }, 403, {
        'www-authenticate': `Bearer error="insufficient_scope", ${where}`,
      });
    return json(response, { jsonrpc: '2.0', id: request.body.id, result: { granted } });
  });
  return protectedServer;
}

/** What a person with a browser does: follow the redirects, up to the page that says it is done. */
export async function browse(url: URL): Promise<string> {
  const response = await fetch(url);
  return response.text();
}
