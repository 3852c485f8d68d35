/** Requests to registries: bounded in time and size, polite to limits, with errors a person can act on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { McpmError, messageOf, systemCode } from '../errors.ts';
import { VERSION } from '../platform/version.ts';

/** What of the world a request needs. */
export type HttpContext = Pick<Context, 'fetch' | 'log' | 'now'>;

/** A request. */
export interface HttpRequest {
  /** A user and password in it travel as a header (RFC 7617), and are in no message. */
  readonly url: string;
  /** Who is asked, for messages: `the npm registry`. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'HEAD';
  /** The validator of a copy we have: the answer may be 304. */
  readonly etag?: string | undefined;
  /** For one attempt, body included; 20 s unless told. */
  readonly timeoutMs?: number;
  /** The largest body accepted; 20 MiB unless told. */
  readonly maxBytes?: number;
  /** Further attempts after 429, 5xx and broken connections; 2 unless told. */
  readonly retries?: number;
  /** Waiting allowed altogether between attempts; 15 s unless told. */
  readonly maxWaitMs?: number;
  /** Statuses besides 2xx and 304 that are answers, not errors. */
  readonly accept?: readonly number[];
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Where it came from after redirects. */
  readonly url: string;
}

const DEFAULTS = {
  method: 'GET',
  timeoutMs: 20_000,
  maxBytes: 20 * 1024 * 1024,
  retries: 2,
  maxWaitMs: 15_000,
  accept: [],
} as const;

/**
 * Ask, and ask again when the answer says so: 429 and 503 with their `Retry-After` (RFC 9110 §10.2.3), other 5xx and broken connections
 * with growing pauses.
 * @throws McpmError `NETWORK` (no connection, too slow), `REGISTRY` (an error status, too large), `AUTH` (401, 403)
 */
export async function request(ctx: HttpContext, given: HttpRequest): Promise<HttpAnswer> {
  const wanted = { ...DEFAULTS, ...given, ...withCredentials(given) };
  let waited = 0;
  for (let attempt = 0; ; attempt++) {
    const outcome = await tryOnce(ctx, wanted);
    if (!('retryAfterMs' in outcome)) return outcome;
    const pause = outcome.retryAfterMs ?? 250 * 2 ** attempt;
    if (attempt >= wanted.retries || waited + pause > wanted.maxWaitMs) throw outcome.error;
    ctx.log.debug(`${wanted.what}: ${outcome.error.message}; again in ${pause} ms`);
    waited += pause;
    await sleep(pause);
  }
}

/** An address without user and password, for messages and records; what is no web address is returned as it is. */
export function withoutCredentials(address: string): string {
  if (!/^https?:\/\/[^/]*@/i.test(address) || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}

/** fetch refuses credentials in an address. */
function withCredentials({ url, headers }: HttpRequest): Pick<HttpRequest, 'url' | 'headers'> {
  const plain = withoutCredentials(url);
  if (plain === url) return { url, ...(headers === undefined ? {} : { headers }) };
  const { username, password } = new URL(url);
  const pair = [username, password].map(decodeURIComponent).join(':');
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return { url: plain, headers: { authorization, ...headers } };
}

/** A JSON answer. @throws McpmError also `REGISTRY` when it is not JSON */
export async function requestJson(
  ctx: HttpContext,
  wanted: HttpRequest,
): Promise<{ readonly answer: HttpAnswer; readonly json: unknown }> {
  const answer = await request(ctx, wanted);
  if (answer.status === 304 || answer.status >= 400) return { answer, json: undefined };
  try {
    return { answer, json: JSON.parse(new TextDecoder().decode(answer.body)) };
  } catch (cause) {
    throw new McpmError('REGISTRY', `${wanted.what} answered with something that is not JSON`, {
      hint: 'Try again later; a copy in the cache is used where there is one.',
      cause,
      data: { url: withoutCredentials(wanted.url) },
    });
  }
}

type Retry = { readonly error: McpmError; readonly retryAfterMs: number | undefined };
type Wanted = HttpRequest & Required<Omit<HttpRequest, 'etag' | 'headers'>>;

async function tryOnce(ctx: HttpContext, wanted: Wanted): Promise<HttpAnswer | Retry> {
  const signal = AbortSignal.timeout(wanted.timeoutMs);
  try {
    const response = await ctx.fetch(wanted.url, {
      method: wanted.method,
      headers: {
        accept: 'application/json',
        'user-agent': `mcpm/${VERSION}`,
        ...wanted.headers,
        ...(wanted.etag === undefined ? {} : { 'if-none-match': wanted.etag }),
      },
      signal,
    });
    refuseDowngrade(wanted, response);
    const body = await readBody(response, wanted);
    const answer = { status: response.status, headers: response.headers, body, url: response.url };
    const fine = response.ok || response.status === 304 || wanted.accept.includes(response.status);
    return fine ? answer : failed(ctx, wanted, response);
  } catch (cause) {
    if (cause instanceof McpmError) throw cause;
    return broken(wanted, cause, signal.aborted);
  }
}

function refuseDowngrade(wanted: Wanted, response: Response): void {
  if (!wanted.url.startsWith('https:') || !response.url.startsWith('http:')) return;
  throw new McpmError('REGISTRY', `${wanted.what} redirects to an unencrypted address`, {
    data: { url: wanted.url, redirected: response.url },
  });
}

async function readBody(response: Response, wanted: Wanted): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > wanted.maxBytes) {
      throw new McpmError('REGISTRY', `${wanted.what} sent more than ${wanted.maxBytes} bytes`, {
        data: { url: wanted.url },
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failed(ctx: HttpContext, wanted: Wanted, response: Response): Retry {
  const { status } = response;
  const data = { url: wanted.url, status };
  if (status === 401 || status === 403) {
    throw new McpmError('AUTH', `${wanted.what} wants credentials (${status})`, { data });
  }
  const error = new McpmError('REGISTRY', `${wanted.what} answered with ${status}`, {
    hint: status === 429 ? 'It limits how often it is asked; try again later.' : 'Try again later.',
    data,
  });
  if (status !== 429 && status < 500) throw error;
  return { error, retryAfterMs: retryAfter(ctx, response.headers.get('retry-after')) };
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(ctx: HttpContext, header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - ctx.now().getTime());
}

function broken(wanted: Wanted, cause: unknown, timedOut: boolean): Retry {
  const inner = (cause as { cause?: unknown } | undefined)?.cause ?? cause;
  const reason = timedOut
    ? `no complete answer within ${wanted.timeoutMs / 1000} s`
    : (systemCode(inner) ?? messageOf(inner));
  const error = new McpmError('NETWORK', `Cannot reach ${wanted.what}: ${reason}`, {
    hint: 'Check the connection (and HTTPS_PROXY, if you are behind a proxy).',
    cause,
    data: { url: wanted.url },
  });
  if (timedOut) throw error;
  return { error, retryAfterMs: undefined };
}
