/** The MCPM registry: all manifests in one document. */
import { requestJson } from '../http.ts';
import { manifestsIn } from '../shapes.ts';
import { cachedSource, type Fetcher } from './cached.ts';
import type { Source, SourceConfig } from './types.ts';

/** A source over a `servers.json` at an address. */
export function mcpmSource(config: SourceConfig): Source {
  return cachedSource(config, fetchAll);
}

const fetchAll: Fetcher = async (ctx, { config, state, deadline }) => {
  const { answer, json } = await requestJson(ctx, {
    url: config.location ?? '',
    what: `the registry ${config.id}`,
    etag: state.bytes > 0 ? state.etag : undefined,
    timeoutMs: Math.max(1, Math.min(20_000, deadline - Date.now())),
    maxWaitMs: Math.max(0, Math.min(15_000, deadline - Date.now())),
  });
  if (answer.status === 304) return { put: [], state: { complete: true } };
  const { manifests, skipped } = await manifestsIn(json, answer.url);
  const etag = answer.headers.get('etag');
  return {
    put: manifests,
    replaceAll: true,
    state: { complete: true, ...(etag === null ? {} : { etag }) },
    ...(skipped.length === 0 ? {} : { note: `${skipped.length} entries could not be read` }),
  };
};
