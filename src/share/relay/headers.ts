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
  return pick(
    headers,
    (name) =>
      !HOP_BY_HOP.has(name) && !named.has(name) && !ORIGIN_CLAIMS.test(name) && name !== 'host',
  );
}

/** An agent's response fields as they go to the visitor. */
export function responseFields(headers: Headers): Headers {
  return pick(headers, (name) => !HOP_BY_HOP.has(name));
}

/** Fields of a request that arrived over HTTP/2, without the pseudo fields. */
export function plainFields(headers: Headers): Headers {
  return pick(headers, (name) => !HOP_BY_HOP.has(name));
}

/** An origin's response fields as they go into HTTP/2. */
export function originFields(headers: Headers): Headers {
  const { connection } = headers;
  const named = namedByConnection(typeof connection === 'string' ? connection : undefined);
  return pick(headers, (name) => !HOP_BY_HOP.has(name) && !named.has(name));
}

function pick(headers: Headers, keep: (name: string) => boolean): Headers {
  const kept: Headers = {};
  for (const name in headers) if (!name.startsWith(':') && keep(name)) kept[name] = headers[name];
  return kept;
}

/** `Connection` may name further fields that end with this connection. */
function namedByConnection(value: string | undefined): ReadonlySet<string> {
  if (value === undefined || /^(keep-alive|close)$/i.test(value)) return NONE;
  return new Set(value.split(',').map((name) => name.trim().toLowerCase()));
}

const NONE: ReadonlySet<string> = new Set();
