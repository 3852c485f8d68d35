/** From a client's wish to a code: the request checked, the owner asked, the browser sent back. */
import type { HttpResponse } from '../../engine/index.ts';
import { type ClientWorld, mayRedirect, resolveClient } from './clients.ts';
import { CODE_LIFETIME, type Codes, createCodes, type Wish } from './codes.ts';
import type { ConsentDesk, PendingConsent } from './consent.ts';
import { OAuthError } from './errors.ts';
import { checkResource, PATHS } from './metadata.ts';
import { escapeHtml, sendPage } from './pages.ts';

/** What authorization needs. */
export interface AuthorizationWorld {
  readonly desk: ConsentDesk;
  readonly world: ClientWorld;
  readonly publicUrl: () => string;
  readonly now: () => Date;
}

/** The authorization endpoint and its codes. */
export interface Authorization {
  /** The browser arrives. */
  begin(query: URLSearchParams, response: HttpResponse, address: string): Promise<void>;
  /** The browser asks whether the owner has answered. */
  wait(query: URLSearchParams, response: HttpResponse): Promise<void>;
  readonly redeem: Codes['redeem'];
}

const POLL_SECONDS = 2;

/** Build the endpoint. */
export function createAuthorization(options: AuthorizationWorld): Authorization {
  const { desk, publicUrl, now } = options;
  const waiting = new Map<string, { pending: PendingConsent; wish: Wish; allowed?: boolean }>();
  const codes = createCodes(now);

  return {
    async begin(query, response, address) {
      const client = await resolveClient(query.get('client_id') ?? '', options.world);
      const redirectUri = query.get('redirect_uri') ?? '';
      if (!mayRedirect(client, redirectUri))
        throw new OAuthError('invalid_request', 'that redirect_uri is not one of the client');
      const wish = { client, redirectUri, state: query.get('state') };
      try {
        const challenge = checkRequest(query, publicUrl());
        const pending = desk.ask({ client, redirectUri, address });
        if (pending === undefined)
          throw new OAuthError('temporarily_unavailable', 'too many wait for the owner');
        const entry: { pending: PendingConsent; wish: Wish; allowed?: boolean } = {
          pending,
          wish: { ...wish, challenge },
        };
        waiting.set(pending.id, entry);
        void pending.answered.then((allowed) => {
          entry.allowed = allowed;
          setTimeout(() => waiting.delete(pending.id), CODE_LIFETIME).unref();
        });
        redirect(response, `${publicUrl()}${PATHS.wait}?id=${pending.id}`);
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        sendBack(response, wish, publicUrl(), {
          error: error.code,
          error_description: error.message,
        });
      }
    },

    async wait(query, response) {
      const id = query.get('id') ?? '';
      const entry = waiting.get(id);
      if (entry === undefined)
        return sendPage(response, 404, {
          title: 'Nothing waits here',
          body: '<p>The request was answered or has expired. Go back to the application and try again.</p>',
        });
      if (entry.allowed === undefined) return sendWaiting(response, entry.pending);
      waiting.delete(id);
      const outcome: Record<string, string> = entry.allowed
        ? { code: codes.give(entry.wish) }
        : { error: 'access_denied', error_description: 'the owner did not agree' };
      sendBack(response, entry.wish, publicUrl(), outcome);
    },

    redeem: codes.redeem,
  };
}

/** What is wrong here is told to the client at its redirect URI. Returns the PKCE challenge. */
function checkRequest(query: URLSearchParams, publicUrl: string): string {
  if (query.get('response_type') !== 'code')
    throw new OAuthError('unsupported_response_type', 'code is the one there is');
  const challenge = query.get('code_challenge') ?? '';
  if (query.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw new OAuthError('invalid_request', 'PKCE with S256 is needed');
  checkResource(query.get('resource'), publicUrl);
  return challenge;
}

function sendWaiting(response: HttpResponse, { code, client }: PendingConsent): void {
  sendPage(response, 200, {
    title: 'Waiting for the owner',
    head: `<meta http-equiv="refresh" content="${POLL_SECONDS}">`,
    body: `<p>${escapeHtml(client.name)} asks to use the server that is shared here. Its owner was asked and sees this code:</p><p><code>${code}</code></p><p>This page goes on by itself.</p>`,
  });
}

/** Back to the client, saying who answers (RFC 9207). */
function sendBack(
  response: HttpResponse,
  wish: Pick<Wish, 'redirectUri' | 'state'>,
  issuer: string,
  outcome: Readonly<Record<string, string>>,
): void {
  const url = new URL(wish.redirectUri);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  if (wish.state !== null) url.searchParams.set('state', wish.state);
  url.searchParams.set('iss', issuer);
  redirect(response, url.href);
}

function redirect(response: HttpResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store', 'content-length': 0 }).end();
}
