/** Lists of several servers as one: pages fetched together, names mapped, kept until a server says that its list has changed. */
import { envelopeOf, META, metaOf, withoutEnvelope } from '../eras/era.ts';
import { isObject, type Json, type Response, RPC } from '../json-rpc.ts';
import { mapTool } from '../names/contents.ts';
import { decodeCursor, encodeCursor } from '../names/cursors.ts';
import { exposeUri } from '../names/uris.ts';
import { type Handling, type Method, refuse, reply } from './handling.ts';
import type { Link } from './link.ts';
import { union } from './opening.ts';
import type { Party } from './party.ts';
import type { Router } from './router.ts';
import { exposeTaskId } from './tasks.ts';

/** A list that can be joined. */
interface ListRow {
  /** The member of the result that holds the items. */
  readonly key: string;
  /** The capability of a server that has it. */
  readonly capability: string;
  /** An item of a server as clients see it. */
  readonly item: (router: Router, server: string, item: Json) => Json;
  /** Whether a client may see an item; all of them unless told. */
  readonly isFor?: (party: Party, link: Link, item: Json) => boolean;
}

/** All of them. */
export const LISTS: Readonly<Record<string, ListRow>> = {
  'tools/list': {
    key: 'tools',
    capability: 'tools',
    item: (router, server, tool) => {
      const named = { ...tool, name: router.names.expose(server, String(tool['name'])) };
      return mapTool(named, (uri) => exposeUri(server, uri));
    },
  },
  'prompts/list': {
    key: 'prompts',
    capability: 'prompts',
    item: (router, server, prompt) => ({
      ...prompt,
      name: router.names.expose(server, String(prompt['name'])),
    }),
  },
  'resources/list': {
    key: 'resources',
    capability: 'resources',
    item: (_router, server, resource) => ({
      ...resource,
      uri: exposeUri(server, String(resource['uri'])),
    }),
  },
  'resources/templates/list': {
    key: 'resourceTemplates',
    capability: 'resources',
    item: (_router, server, template) => ({
      ...template,
      uriTemplate: exposeUri(server, String(template['uriTemplate'])),
    }),
  },
  'tasks/list': {
    key: 'tasks',
    capability: 'tasks',
    item: (_router, server, task) => exposeTaskId(server, task),
    isFor: (party, link, { taskId }) => !link.tasks.isForeign(taskId, party),
  },
};

/** The method that joins one list. */
export function joinedList(method: string, row: ListRow): Method {
  return async (handling) => {
    const { router, party, params } = handling;
    const cursors = params['cursor'] === undefined ? {} : decodeCursor(params['cursor']);
    if (!cursors) {
      refuse(handling, RPC.INVALID_PARAMS, 'Invalid cursor');
      return;
    }
    const all = await router.readyLinks(party);
    const links = all.filter(
      (link) =>
        link.opening?.capabilities[row.capability] !== undefined &&
        (params['cursor'] === undefined || cursors[link.name] !== undefined),
    );
    const pages = await Promise.all(
      links.map(async (link) => ({
        link,
        answer: await page(link, method, row.capability, cursors[link.name], handling),
      })),
    );
    answerWith(handling, row, pages);
  };
}

interface Page {
  readonly link: Link;
  readonly answer: Response;
}

function answerWith(handling: Handling, row: ListRow, pages: readonly Page[]): void {
  const { router, party } = handling;
  const good: { readonly link: Link; readonly result: Json }[] = [];
  for (const { link, answer } of pages) {
    const { result, error } = answer;
    if (result) good.push({ link, result });
    if (error) {
      router.ctx.log.warn(`server "${link.name}" cannot list its ${row.key}: ${error.message}`);
    }
  }
  const failure = pages[0]?.answer.error;
  if (failure && good.length === 0) {
    refuse(handling, failure.code, failure.message, failure.data);
    return;
  }
  const nextCursor = encodeCursor(nextPages(good));
  const results = good.map(({ result }) => result);
  const more = besides(row, results);
  const hints = party.profile.era === 'modern' ? modernHints(router, results) : {};
  reply(handling, {
    ...union(more, hints),
    [row.key]: good.flatMap(({ link, result }) =>
      itemsOf(result[row.key])
        .filter((item) => row.isFor?.(party, link, item) ?? true)
        .map((item) => row.item(router, link.name, item)),
    ),
    ...(nextCursor !== undefined && { nextCursor }),
  });
}

/** What the servers' results have besides their items, together; the first server's word counts where two differ. */
function besides(row: ListRow, results: readonly Json[]): Json {
  let all: Json = {};
  for (const result of results) {
    const { [row.key]: _items, nextCursor, resultType, ttlMs, cacheScope, _meta, ...rest } = result;
    const { [META.serverInfo]: _info, ...meta } = metaOf(result) ?? {};
    all = union({ ...rest, ...(Object.keys(meta).length > 0 && { _meta: meta }) }, all);
  }
  return all;
}

function itemsOf(list: unknown): Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function nextPages(pages: readonly { link: Link; result: Json }[]): Record<string, string> {
  return Object.fromEntries(
    pages.flatMap(({ link, result: { nextCursor } }) =>
      typeof nextCursor === 'string' ? [[link.name, nextCursor] as const] : [],
    ),
  );
}

/** The shortest time to live and the most private scope of all (specification 2026-07-28, "Caching"). */
function modernHints(router: Router, results: readonly Json[]): Json {
  const times = results.map(({ ttlMs }) => (typeof ttlMs === 'number' ? Math.max(0, ttlMs) : 0));
  const open = results.length > 0 && results.every(({ cacheScope }) => cacheScope === 'public');
  return {
    resultType: 'complete',
    ttlMs: times.length === 0 ? 0 : Math.min(...times),
    cacheScope: open ? 'public' : 'private',
    _meta: { [META.serverInfo]: { ...router.identity } },
  };
}

const CACHES = new WeakMap<Link, Map<string, Promise<Response>>>();

/** A server's lists are out of date. */
export function forgetLists(link: Link): void {
  CACHES.delete(link);
}

/** One page of one server; kept only when the server would say that it changed. */
function page(
  link: Link,
  method: string,
  capability: string,
  cursor: string | undefined,
  { party, params }: Handling,
): Promise<Response> {
  const fetch = () => {
    const { cursor: _, _meta, ...own } = withoutEnvelope(params) ?? {};
    const { progressToken, ...trace } = metaOf({ _meta }) ?? {};
    const envelope = link.era === 'modern' ? envelopeOf(party.profile, party.logLevel) : {};
    const meta = { ...trace, ...envelope };
    return link.query(method, {
      ...own,
      ...(cursor !== undefined && { cursor }),
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
    });
  };
  const declared = link.opening?.capabilities[capability];
  if (!isObject(declared) || declared['listChanged'] !== true) return fetch();
  const cache = CACHES.get(link) ?? new Map<string, Promise<Response>>();
  CACHES.set(link, cache);
  const key = `${method} ${cursor ?? ''}`;
  const found = cache.get(key);
  if (found) return found;
  const fresh = fetch().then((answer) => {
    if (answer.error) cache.delete(key);
    return answer;
  });
  cache.set(key, fresh);
  return fresh;
}
