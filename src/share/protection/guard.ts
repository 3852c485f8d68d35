/** Who may pass. Every request to a share is judged here, before anything else sees it; what is not allowed is refused. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Context } from '../../context.ts';
import { plainAddress } from '../address.ts';
import { createBuckets } from '../limits.ts';
import { createLockout } from '../lockout.ts';
import {
  createKeyRing,
  type GuardedShare,
  type KeyRing,
  type Principal,
  type Rejection,
} from './keys.ts';

/** What the guard looks at. */
export interface Visitor {
  readonly method: string;
  /** The request target. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The address at the other end of the connection. */
  readonly peer: string;
}

/** What is done with a request. */
export type Verdict =
  | { readonly kind: 'pass'; readonly principal: Principal; readonly address: string }
  | { readonly kind: 'open'; readonly path: string; readonly address: string }
  | Denial;

/** A request that goes no further. */
export interface Denial {
  readonly kind: 'deny';
  readonly status: number;
  /** For the audit log. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
  readonly address: string;
}

/** What may be asked without a token: whether it is up, and how to get one. */
export interface OpenPaths {
  has(path: string): boolean;
  /** Where a client learns how to get a token (RFC 9728), for `WWW-Authenticate`. */
  metadataUrl(): string;
}

/** How to guard. */
export interface GuardOptions extends GuardedShare {
  readonly ctx: Context;
  /** `--no-auth`: everyone passes. */
  readonly open: boolean;
  /** Which endpoint there is: `/mcp`, or `/sse` with `/messages`. */
  readonly transport: 'http' | 'sse';
  /** The public addresses as they are now. */
  readonly publicUrls: () => readonly string[];
  /** The request field with the visitor's address that the tunnel sets; connections from loopback alone are believed. */
  readonly addressHeader: () => string | undefined;
  readonly oauth?: OpenPaths;
  /** Requests a second from one address, with four times as many in a burst. */
  readonly requestsPerSecond?: number;
}

/** Judges requests. Never throws: what cannot be decided is refused. */
export interface Guard {
  judge(visitor: Visitor): Promise<Verdict>;
  /** Whether someone let in before still is. */
  holds(principal: Principal): Promise<boolean>;
}

const NOBODY: Principal = { who: 'open', scope: {} };
const SHARED_ADDRESS = 'unknown';

/** The guard of one share. */
export function createGuard(options: GuardOptions): Guard {
  const { ctx } = options;
  const keys = createKeyRing(ctx, options);
  const lockout = createLockout(() => ctx.now().getTime());
  const perSecond = options.requestsPerSecond ?? 50;
  const rate = createBuckets(perSecond, perSecond * 4);
  const admit = async (visitor: Visitor, address: string): Promise<Principal | Refusal> => {
    if (options.open) return NOBODY;
    const wait = lockout.waitFor(address);
    if (wait > 0 && address !== SHARED_ADDRESS) return lockedOut(wait);
    const found = await authenticate(visitor, keys);
    if (typeof found === 'object') {
      lockout.succeeded(address);
      return found;
    }
    // Behind a tunnel that hides addresses, one visitor's failures must not lock out the others.
    if (wait > 0) return lockedOut(wait);
    if (found !== 'missing') lockout.failed(address);
    return [401, found, MESSAGES[found], challenge(found, options.oauth)];
  };
  const judge = async (visitor: Visitor, address: string): Promise<Verdict> => {
    if (!rate(address).take())
      return deny(address, [429, 'rate', 'Too many requests.', { 'retry-after': '1' }]);
    const path = atTheDoor(visitor, options);
    if (typeof path !== 'string') return deny(address, path);
    if (isOpen(path, visitor, options)) return { kind: 'open', path, address };
    const admitted = await admit(visitor, address);
    return 'who' in admitted
      ? { kind: 'pass', principal: admitted, address }
      : deny(address, admitted);
  };
  return {
    async judge(visitor) {
      const address = addressOf(visitor, options);
      try {
        return await judge(visitor, address);
      } catch (error) {
        ctx.log.warn(`A request was refused because it could not be judged: ${String(error)}`);
        return deny(address, [503, 'error', 'Nobody can be let in at the moment.']);
      }
    },
    holds: (principal) =>
      principal === NOBODY ? Promise.resolve(options.open) : keys.holds(principal),
  };
}

/** What needs no token: health, OAuth, and a browser's question whether it may ask (CORS; its origin is allowed by now). */
function isOpen(path: string, { method, headers }: Visitor, { oauth }: GuardOptions): boolean {
  const preflight = method === 'OPTIONS' && headers.origin !== undefined;
  return path === '/healthz' || preflight || oauth?.has(path) === true;
}

const MESSAGES: Readonly<Record<Rejection | 'missing', string>> = {
  missing: 'A bearer token is needed.',
  unknown: 'The token is not known.',
  expired: 'The token has expired.',
  revoked: 'The token was revoked.',
  'other-share': 'The token is not known.',
};

async function authenticate(
  { headers }: Visitor,
  keys: KeyRing,
): Promise<Principal | Rejection | 'missing'> {
  const field = headers.authorization;
  if (field === undefined) return 'missing';
  const presented = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(field)?.[1];
  if (presented === undefined) return 'unknown';
  return keys.find(presented);
}

/** RFC 6750 §3: no error code when no token came; RFC 9728 §5.1: where to get one. */
function challenge(found: Rejection | 'missing', oauth: OpenPaths | undefined) {
  const parts = [
    'realm="mcpm"',
    ...(found === 'missing' ? [] : ['error="invalid_token"']),
    ...(oauth ? [`resource_metadata="${oauth.metadataUrl()}"`] : []),
  ];
  return { 'www-authenticate': `Bearer ${parts.join(', ')}` };
}

function lockedOut(wait: number): Refusal {
  const seconds = String(Math.ceil(wait / 1000));
  return [429, 'locked-out', 'Too many failures.', { 'retry-after': seconds }];
}

/** Status, reason for the log, message for the visitor, further fields. */
type Refusal = readonly [
  status: number,
  reason: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
];

function deny(address: string, [status, reason, message, headers = {}]: Refusal): Denial {
  return { kind: 'deny', status, reason, message, headers, address };
}

/** What the endpoint allows pages of the origin that asks; taken back from those that may not ask. */
const NO_PAGE = { 'access-control-allow-origin': '' };

/** The path that is asked for, when it exists and the request came by a name of ours. */
function atTheDoor(visitor: Visitor, options: GuardOptions): string | Refusal {
  const path = pathOf(visitor.target, options);
  if (path === undefined) return [404, 'path', 'There is nothing here.'];
  if (!hostAllowed(visitor, options)) return [421, 'host', 'This server does not go by that name.'];
  if (!originAllowed(visitor.headers.origin, options))
    return [403, 'origin', 'Not from that origin.', NO_PAGE];
  return path;
}

/**
 * The path, when it is one of those that exist. Exact comparison: a path that would have to be decoded or normalised first is none of
 * them.
 */
function pathOf(target: string, { transport, oauth }: GuardOptions): string | undefined {
  const path = target.split('?', 1)[0] ?? '';
  return path === '/healthz' || ENDPOINTS[transport].includes(path) || oauth?.has(path)
    ? path
    : undefined;
}

const ENDPOINTS: Readonly<Record<GuardOptions['transport'], readonly string[]>> = {
  http: ['/mcp', '/mcp/'],
  sse: ['/sse', '/sse/', '/messages', '/messages/'],
};

/** Against DNS rebinding: the public names and, for what did not come through the tunnel, this machine by its own. */
function hostAllowed({ headers }: Visitor, options: GuardOptions): boolean {
  if (headers.host === undefined) return false;
  const wanted = headers.host.toLowerCase();
  if (options.publicUrls().some((url) => namesOf(url).hosts.has(wanted))) return true;
  const field = options.addressHeader();
  const tunnelled = field !== undefined && headers[field] !== undefined;
  return !tunnelled && isLoopback(nameOf(wanted));
}

/** A browser's page may ask when it comes from the share's own address or from this machine. */
function originAllowed(origin: string | undefined, { publicUrls }: GuardOptions): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname, origin: exact } = new URL(origin);
  return publicUrls().some((url) => namesOf(url).origin === exact) || isLoopback(hostname);
}

/** What an address is known by. */
interface Names {
  /** As `Host` may say it: a default port may be written or not. */
  readonly hosts: ReadonlySet<string>;
  readonly origin: string;
}

const parsed = new Map<string, Names>();

/** The names of an address; asked for at every request, so the answers are kept. */
function namesOf(url: string): Names {
  const known = parsed.get(url);
  if (known) return known;
  const { host, hostname, port, protocol, origin } = new URL(url);
  const written = port || (protocol === 'https:' ? '443' : '80');
  const names = { hosts: new Set([host, `${hostname}:${written}`]), origin };
  parsed.set(url, names);
  return names;
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

function isLoopback(name: string): boolean {
  const bare = name.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** The visitor's address as the tunnel tells it, else that of the connection. A tunnel that tells none makes all look like one. */
function addressOf({ headers, peer }: Visitor, options: GuardOptions): string {
  const bare = plainAddress(peer);
  if (!isLoopback(bare)) return bare;
  const field = options.addressHeader();
  const told = field === undefined ? undefined : headers[field];
  if (typeof told !== 'string') return SHARED_ADDRESS;
  const last = told.split(',').at(-1)?.trim() ?? '';
  return isIP(last) ? last : SHARED_ADDRESS;
}
