/** Where the browser comes back to: a listener on loopback, for one sign-in (RFC 8252, section 7.3). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpmError } from '../../../errors.ts';

/** How long a person has to sign in, in milliseconds. */
const PATIENCE = 5 * 60_000;

/** An open redirect. */
export interface Redirect {
  /** The redirect URI. */
  readonly url: string;
  /** The value that ties what comes back to what was asked. */
  readonly state: string;
  /**
   * The parameters that came back with the right state.
   * @throws McpmError AUTH when nobody signs in in time.
   */
  wait(): Promise<URLSearchParams>;
  /**
   * Take what the person pasted: the whole address, or the bare code.
   * @throws McpmError INVALID_INPUT when it is of another sign-in.
   */
  paste(text: string): void;
  close(): void;
}

/**
 * Listen on 127.0.0.1, on the preferred port when it is free. Only `GET /callback` with the right `state` is taken; anything
 * else is refused and waited past.
 */
export async function openRedirect(preferredPort?: number): Promise<Redirect> {
  const state = randomBytes(32).toString('base64url');
  let accept: (params: URLSearchParams) => void = () => {};
  const arrived = new Promise<URLSearchParams>((resolve) => {
    accept = resolve;
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || url.pathname !== '/callback')
      return page(response, 404, 'Nothing is here.');
    if (!same(url.searchParams.get('state'), state))
      return page(
        response,
        400,
        'This is not the sign-in that was started. Go back and try again.',
      );
    page(response, 200, 'You can close this window and go back.');
    return accept(url.searchParams);
  });
  server.unref();
  await listen(server, preferredPort ?? 0).catch(() => listen(server, 0));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/callback`,
    state,
    wait: () => withTimeout(arrived),
    paste: (text) => accept(readPasted(text, state)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The port of a loopback redirect URI. */
export function portOf(redirectUri: string | undefined): number | undefined {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return undefined;
  const { hostname, port } = new URL(redirectUri);
  return hostname === '127.0.0.1' && port !== '' ? Number(port) : undefined;
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function withTimeout(arrived: Promise<URLSearchParams>): Promise<URLSearchParams> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new McpmError('AUTH', 'Nobody signed in within five minutes', { hint: 'Try again.' }),
        ),
      PATIENCE,
    );
  });
  return Promise.race([arrived, late]).finally(() => clearTimeout(timer));
}

/** An address carries the state and is checked; a bare code was copied by hand from this sign-in's page. */
function readPasted(text: string, state: string): URLSearchParams {
  const pasted = text.trim();
  if (!URL.canParse(pasted)) return new URLSearchParams({ code: pasted, state });
  const { searchParams } = new URL(pasted);
  if (same(searchParams.get('state'), state)) return searchParams;
  throw new McpmError('INVALID_INPUT', 'That address is not of this sign-in', {
    hint: 'Paste the address the browser ended at after signing in.',
  });
}

function same(given: string | null, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(wanted));
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><meta charset="utf-8"><title>mcpm</title><p>${text}</p>\n`);
}
