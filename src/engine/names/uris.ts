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

/** Whose a URI is and what it is there; undefined when it names none of the servers. */
export function resolveUri(
  exposed: string,
  isServer: (name: string) => boolean,
): UriOrigin | undefined {
  const full = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)\/(.*)$/s.exec(exposed);
  if (full) return origin(full[2], `${full[1]}://${full[3]}`, isServer);
  const short = /^([A-Za-z][A-Za-z0-9+.-]*):([^:]*):(.*)$/s.exec(exposed);
  if (!short) return undefined;
  return origin(
    short[2],
    short[1] === OPAQUE ? `${short[3]}` : `${short[1]}:${short[3]}`,
    isServer,
  );
}

function origin(owner: string | undefined, uri: string, isServer: (name: string) => boolean) {
  const server = decode(owner ?? '');
  return isServer(server) ? { server, uri } : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
