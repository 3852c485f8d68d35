/** Resource URIs of several servers as one space: `scheme://SERVER/rest`. Reversible without a table. */

const WITH_AUTHORITY = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s;
const WITHOUT = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s;
/** Stands for what has no scheme of its own (a template that begins with a variable). */
const OPAQUE = 'mcpm';

/** A server's own URI. */
export interface UriOrigin {
  readonly server: string;
  readonly uri: string;
}

/** The URI (or URI template) under which clients see a server's resource. */
export function exposeUri(server: string, uri: string): string {
  const owner = encodeURIComponent(server);
  const full = WITH_AUTHORITY.exec(uri);
  if (full) return `${full[1]}://${owner}/${full[2]}`;
  const short = WITHOUT.exec(uri);
  return short ? `${short[1]}:${owner}:${short[2]}` : `${OPAQUE}:${owner}:${uri}`;
}

/**
 * Whose a URI is and what it is there; undefined when it names none of the servers. Clients that normalise URIs (RFC 3986, 6.2.2.1) write
 * the server's name, which stands where a host does, in lower case.
 */
export function resolveUri(exposed: string, servers: Iterable<string>): UriOrigin | undefined {
  const full = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)\/(.*)$/s.exec(exposed);
  if (full) return origin(full[2], `${full[1]}://${full[3]}`, servers);
  const short = /^([A-Za-z][A-Za-z0-9+.-]*):([^:]*):(.*)$/s.exec(exposed);
  if (!short) return undefined;
  return origin(short[2], short[1] === OPAQUE ? `${short[3]}` : `${short[1]}:${short[3]}`, servers);
}

function origin(owner: string | undefined, uri: string, servers: Iterable<string>) {
  const name = decode(owner ?? '');
  const alike = [...servers].filter((server) => server.toLowerCase() === name.toLowerCase());
  const server = alike.includes(name) ? name : alike[0];
  return server !== undefined && (server === name || alike.length === 1)
    ? { server, uri }
    : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
