/** Which tunnel a visitor's request is for. Pure. */

/** The relay's public names. */
export interface PublicNames {
  /** Tunnels are `<id>.<domain>` below it; absent in path mode. */
  readonly domain?: string;
}

/** Where a request goes. */
export type Route =
  | { readonly kind: 'tunnel'; readonly id: string; readonly path: string; readonly prefix: string }
  | { readonly kind: 'own'; readonly path: string }
  | { readonly kind: 'bad' };

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const WHOLE_LABEL = new RegExp(`^${LABEL}$`);
const PATH_MODE = new RegExp(`^/t/(${LABEL})(/.*)?$`);
/** OAuth puts a resource's path behind the well-known one (RFC 8414 §3.1, RFC 9728 §3.1), so the tunnel's id stands in the middle. */
const WELL_KNOWN = new RegExp(`^(/\\.well-known/[a-z-]+)/t/(${LABEL})(/.*)?$`);
/** Dot segments, encoded dots and slashes, backslashes, empty segments: nothing honest sends them, and parsers differ on them. */
const TRICKS = /\\|%2e|%2f|%5c|\/\/|\/\.{1,2}(?:\/|$)/i;

/**
 * Decide by host name and path. In subdomain mode the host's first label is the id and the path goes through unchanged; on the bare
 * domain, and always in path mode, `/t/<id>/…` is it.
 * @param host the `Host` field, port and all
 * @param target the request target
 */
export function route(host: string | undefined, target: string, names: PublicNames): Route {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  const search = query < 0 ? '' : target.slice(query);
  if (!path.startsWith('/') || TRICKS.test(path)) return { kind: 'bad' };
  const name = (host ?? '').toLowerCase().replace(/:\d+$/, '');
  const { domain } = names;
  if (domain !== undefined && name !== domain) {
    const label = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : '';
    if (!WHOLE_LABEL.test(label)) return { kind: 'bad' };
    return { kind: 'tunnel', id: label, path: path + search, prefix: '' };
  }
  const direct = PATH_MODE.exec(path);
  if (direct) return tunnel(direct[1], `${direct[2] ?? '/'}${search}`);
  const metadata = WELL_KNOWN.exec(path);
  if (metadata) return tunnel(metadata[2], `${metadata[1]}${metadata[3] ?? ''}${search}`);
  return { kind: 'own', path };
}

function tunnel(id = '', path = '/'): Route {
  return { kind: 'tunnel', id, path, prefix: `/t/${id}` };
}
