/** An official registry on loopback: API v0.1 with pages, versions, status and `updated_since`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiEntry, META } from './entries.ts';
import { sendJson, serve, type TestServer } from './http.ts';

function about(item: ApiEntry) {
  return item._meta[META] as { updatedAt: string; isLatest: boolean; status: string };
}

/** What a test may do to a request before it is answered; `true` when it has answered itself. */
export type Interference = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => boolean | undefined;

/** A registry whose entries the test may change while it runs. */
export interface TestRegistry extends TestServer {
  entries: ApiEntry[];
  interfere: Interference | undefined;
}

/** Start a registry. A page has `pageSize` entries at most. */
export async function serveOfficial(
  entries: readonly ApiEntry[],
  pageSize = 100,
): Promise<TestRegistry> {
  const registry = { entries: [...entries], interfere: undefined as Interference | undefined };
  const server = await serve((request, response, url) => {
    if (registry.interfere?.(request, response, url)) return;
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts[0] !== 'v0.1' || parts[1] !== 'servers') return sendJson(response, {}, {}, 404);
    if (parts.length > 2) return versions(response, registry.entries, parts[2] ?? '', parts[4]);
    list(response, registry.entries, url.searchParams, pageSize);
  });
  return Object.assign(registry, server);
}

function list(
  response: ServerResponse,
  entries: readonly ApiEntry[],
  query: URLSearchParams,
  pageSize: number,
): void {
  const since = query.get('updated_since');
  const all = entries.filter((one) => {
    const { status, updatedAt, isLatest } = about(one);
    if (!one.server.name.includes(query.get('search') ?? '')) return false;
    if (query.get('version') === 'latest' && !isLatest) return false;
    return since === null ? status !== 'deleted' : Date.parse(updatedAt) >= Date.parse(since);
  });
  const from = Number(query.get('cursor') ?? 0);
  const size = Math.min(pageSize, Number(query.get('limit') ?? 30));
  const servers = all.slice(from, from + size);
  const more = from + size < all.length ? { nextCursor: String(from + size) } : {};
  sendJson(response, { servers, metadata: { ...more, count: servers.length } });
}

function versions(
  response: ServerResponse,
  entries: readonly ApiEntry[],
  name: string,
  version: string | undefined,
): void {
  const all = entries.filter(({ server }) => server.name === name);
  const one =
    version === 'latest'
      ? all.find((item) => about(item).isLatest)
      : all.find(({ server }) => server.version === version);
  if (all.length === 0 || (version !== undefined && !one)) {
    sendJson(response, { title: 'Not Found', status: 404 }, {}, 404);
    return;
  }
  sendJson(response, one ?? { servers: all.toReversed(), metadata: { count: all.length } });
}
