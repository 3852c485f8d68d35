/** What crosses from HTTP/1.1 to HTTP/2 and back: everything but what belongs to one connection. */
import type { IncomingHttpHeaders } from 'node:http';

type Headers = Record<string, string | string[] | number | undefined>;

/** Fields of one connection, not of the message (RFC 9110 §7.6.1), and those HTTP/2 forbids (RFC 9113 §8.2.2). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'http2-settings',
  'expect',
]);

/** Fields that say where a request came from: only the relay may say so, a visitor's own are dropped. */
const ORIGIN_CLAIMS = /^(forwarded|x-forwarded-.*|x-real-ip|x-mcpm-.*)$/;

/** A visitor's request fields as they go to the agent. `host` becomes `:authority`. */
export function requestFields(headers: IncomingHttpHeaders): Headers {
  const named = namedByConnection(headers.connection);
  const kept: Headers = {};
  for (const name in headers)
    if (passes(name, named) && !claimsOrigin(name) && name !== 'host') kept[name] = headers[name];
  return kept;
}

/** Fields of a message that arrived over HTTP/2, without the pseudo fields. */
export function plainFields(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {};
  for (const name in headers)
    if (name.charCodeAt(0) !== COLON && passes(name, NONE)) kept[name] = headers[name];
  return kept;
}

/** An origin's response fields as they go into HTTP/2. */
export function originFields(headers: Headers): Headers {
  const { connection } = headers;
  const named = namedByConnection(typeof connection === 'string' ? connection : undefined);
  const kept: Headers = {};
  for (const name in headers) if (passes(name, named)) kept[name] = headers[name];
  return kept;
}

const COLON = ':'.charCodeAt(0);

function passes(name: string, named: ReadonlySet<string>): boolean {
  return !HOP_BY_HOP.has(name) && (named === NONE || !named.has(name));
}

/** Only names that begin with one of two letters can; the others are spared the pattern. */
function claimsOrigin(name: string): boolean {
  return (name.startsWith('x-') || name.startsWith('f')) && ORIGIN_CLAIMS.test(name);
}

/** `Connection` may name further fields that end with this connection. */
function namedByConnection(value: string | undefined): ReadonlySet<string> {
  if (value === undefined || /^(keep-alive|close)$/i.test(value)) return NONE;
  return new Set(value.split(',').map((name) => name.trim().toLowerCase()));
}

const NONE: ReadonlySet<string> = new Set();
