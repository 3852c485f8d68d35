/** HTTP towards one server: configured headers, credentials, and patience while it is restarting. Knows nothing of MCP. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../../context.ts';
import { McpmError, messageOf, systemCode } from '../../../errors.ts';
import { discard } from './body.ts';

/** Credentials that can be renewed when the server refuses them. */
export interface Authorizer {
  /** The value of `Authorization`, if there are credentials. */
  authorization(): Promise<string | undefined>;
  /**
   * The server refused a request (401, or 403 for want of scope) that carried `used`. Several refusals at once are answered by one
   * effort. Resolves to whether asking again makes sense.
   * @throws McpmError AUTH when credentials cannot be had.
   */
  renew(refusal: Response, used: string | undefined): Promise<boolean>;
}

/** One request of the channel. */
export interface Exchange {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** Whether to wait for a server that cannot be reached just now. */
  readonly patient: boolean;
  /** Whether it may be sent again when the connection breaks and nobody knows whether it was handled. */
  readonly repeatable: boolean;
}

/** Waits between attempts while nothing answers, in milliseconds: together about 15 s, the time a server takes to restart. */
const PATIENCE = [100, 200, 400, 800, 1_500, 3_000, 4_000, 5_000];
/** How often refused credentials are renewed for one request. */
const MAX_RENEWALS = 2;
/** The longest `Retry-After` that is waited for, in seconds. */
const LONGEST_RETRY_AFTER = 30;
/** Failures that happen before a request is sent, so that repeating it is safe. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Failures of a connection that may have carried the request to the server. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Redirects that keep the method; older servers mean so with 301 and 302, too. */
const REDIRECTS = new Set([301, 302, 307, 308]);
const MAX_REDIRECTS = 5;

/** What a channel needs. */
export interface ChannelOptions {
  readonly fetch: Context['fetch'];
  /** The server's configured headers, references resolved. */
  readonly headers: Readonly<Record<string, string>>;
  readonly authorizer: Authorizer | undefined;
}

/** Sends requests of one server; see {@link Exchange}. */
export class Channel {
  readonly #options: ChannelOptions;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /**
   * The server's response, whatever its status, once credentials were renewed as far as possible.
   * @throws McpmError NETWORK when it cannot be reached, also when cancelled while that is waited for; AUTH when credentials cannot be
   *   had; AbortError when cancelled otherwise.
   */
  async exchange(request: Exchange): Promise<Response> {
    const { authorizer } = this.#options;
    for (let renewals = 0; ; renewals++) {
      const used = await authorizer?.authorization();
      const response = await this.#reach(request, used);
      const refused = response.status === 401 || lacksScope(response);
      const enough = renewals === MAX_RENEWALS || !request.patient;
      if (!refused || !authorizer || enough) return response;
      if (!(await authorizer.renew(response, used))) return response;
      await discard(response);
    }
  }

  async #reach(request: Exchange, authorization: string | undefined): Promise<Response> {
    const headers = new Headers(this.#options.headers);
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, value);
    if (authorization !== undefined) headers.set('authorization', authorization);
    const { method, url, signal, body } = request;
    const init = { method, headers, signal, ...(body && { body: new Uint8Array(body) }) };
    const waits = request.patient ? PATIENCE : [];
    for (let attempt = 0; ; attempt++) {
      const outcome = await follow(this.#options.fetch, url, init).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return networkError(url, error);
      });
      const wait = delayAfter(outcome, waits[attempt], request.repeatable);
      if (wait !== undefined) {
        if (outcome instanceof Response) await discard(outcome);
        await sleep(wait, undefined, { signal }).catch((aborted: unknown) => {
          throw outcome instanceof Response ? aborted : outcome;
        });
      } else if (outcome instanceof Response) return outcome;
      else throw outcome;
    }
  }
}

/**
 * Fetch, following redirects within the host: headers that are secrets go along, so no other host gets to see them.
 * @throws McpmError NETWORK for a redirect to another host, or too many.
 */
async function follow(fetch: Context['fetch'], url: string, init: RequestInit): Promise<Response> {
  let at = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await fetch(at, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await discard(response);
    const next = new URL(location, at);
    if (!staysWithin(new URL(at), next))
      throw new McpmError('NETWORK', `${new URL(url).origin} sends its clients to ${next.origin}`, {
        hint: `If that is right, configure it: mcpm edit NAME --url ${next.origin}${next.pathname}`,
      });
    at = next.href;
  }
  throw new McpmError('NETWORK', `${new URL(url).origin} redirects in a circle`);
}

/** The same host and port, or the same host over TLS. */
function staysWithin(from: URL, to: URL): boolean {
  return from.origin === to.origin || (from.hostname === to.hostname && to.protocol === 'https:');
}

/** How long to wait before asking again; undefined when the outcome stands. */
function delayAfter(
  outcome: Response | McpmError,
  patience: number | undefined,
  repeatable: boolean,
): number | undefined {
  if (patience === undefined) return undefined;
  if (!(outcome instanceof McpmError)) return retryAfter(outcome);
  const isSafe = neverSent(outcome) || (repeatable && BROKEN.has(String(outcome.data?.['reason'])));
  return isSafe ? patience : undefined;
}

/** Whether a failure of an exchange happened before the server could get anything of the request. */
export function neverSent(error: unknown): boolean {
  return error instanceof McpmError && NOT_SENT.has(String(error.data?.['reason']));
}

/** A 403 that asks for more scope (RFC 6750, section 3.1). */
function lacksScope(response: Response): boolean {
  const challenge = response.headers.get('www-authenticate') ?? '';
  return response.status === 403 && /error="?insufficient_scope/i.test(challenge);
}

/** Milliseconds to wait, when the server says that it did not handle the request and when to come back. */
function retryAfter(response: Response): number | undefined {
  if (response.status !== 503 && response.status !== 429) return undefined;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 && seconds <= LONGEST_RETRY_AFTER ? seconds * 1_000 : undefined;
}

/** The system's code for why `fetch` failed: it hides it in a chain of causes. */
function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = systemCode(at) ?? systemCode((at as AggregateError).errors?.[0]);
    if (code) return code;
  }
  return undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up just now',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
};

/** A failure of `fetch` in words, without the query of the URL, which may hold secrets. */
export function networkError(url: string, error: unknown): McpmError {
  if (error instanceof McpmError) return error;
  const code = causeCode(error);
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const reason = REASONS[code ?? ''] ?? messageOf(cause);
  const { origin, pathname } = new URL(url);
  return new McpmError('NETWORK', `Cannot reach ${origin}${pathname}: ${reason}`, {
    hint: 'Check the URL and that the server is running.',
    cause: error,
    ...(code !== undefined && { data: { reason: code } }),
  });
}
