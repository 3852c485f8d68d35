/** A remote server as a client's own entry (`--native`), where the client can reach it by itself. */
import { isRemote, type Server } from '../config/index.ts';
import { isSecretName, redact } from '../platform/redact.ts';
import type { ClientRow, RemoteEntry } from './types.ts';

/** The client's own entry for a remote server, or why it has to go through mcpm; `undefined` for any other server. */
export function nativeEntry(
  row: ClientRow,
  server: Server,
): RemoteEntry | { readonly why: string } | undefined {
  if (!isRemote(server)) return undefined;
  const sse = server['transport'] === 'sse' || /\/sse\/?(?:[?#]|$)/.test(server.url);
  const kind = sse ? 'sse' : 'http';
  if (!row.codec.transports.includes(kind)) return { why: `${row.title} cannot reach URLs itself` };
  const secret = Object.entries({ ...server.headers, url: server.url }).some(
    ([name, value]) => value.includes('${') || isSecretName(name) || redact(value) !== value,
  );
  if (secret) return { why: 'its secrets stay with mcpm' };
  return { kind, url: server.url, headers: server.headers };
}
