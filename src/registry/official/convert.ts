/** From an entry of the official registry to a manifest. */
import { McpmError } from '../../errors.ts';
import { withoutControls } from '../clean.ts';
import type { Installation, Manifest, ManifestStatus } from '../manifest.ts';
import { shortName } from '../search/entry.ts';
import { Inputs } from './inputs.ts';
import { withTodaysNames } from './older.ts';
import { installationOf, recordOf } from './packages.ts';
import { type RegistryMeta, registryMetaSchema, type ServerJson, serverSchema } from './schema.ts';

/** Under this name the registry says what it knows about an entry. */
const REGISTRY_META = 'io.modelcontextprotocol.registry/official';
const PUBLISHER_META = 'io.modelcontextprotocol.registry/publisher-provided';

/**
 * A manifest from a `server.json`.
 * @param meta the entry's `_meta`, where the registry's own word is
 * @throws McpmError `REGISTRY` when it is no `server.json`, or nothing in it can be installed
 */
export function manifestOf(json: unknown, meta: unknown, where: string): Manifest {
  const parsed = serverSchema.safeParse(withTodaysNames(withoutControls(json)));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    throw new McpmError('REGISTRY', `${where} is no server.json: ${problems.join('; ')}`);
  }
  const server = parsed.data;
  const inputs = new Inputs();
  const installations = installationsOf(server, inputs);
  const state = stateOf(server, meta);
  if (Object.keys(installations).length === 0 && state.status !== 'deleted') {
    throw new McpmError('REGISTRY', `${server.name} in ${where} lists no way to run it`);
  }
  const { repository, websiteUrl, version } = server;
  return {
    name: server.name,
    display_name: server.title || shortName(server.name),
    description: server.description ?? '',
    ...(version ? { version } : {}),
    ...(repository?.url
      ? {
          repository: {
            url: repository.url,
            ...(repository.source ? { type: repository.source } : {}),
          },
        }
      : {}),
    ...(websiteUrl ? { homepage: websiteUrl } : {}),
    author: publisherOf(server.name),
    ...publishedExtras(server._meta?.[PUBLISHER_META]),
    arguments: inputs.all,
    installations,
    ...state,
  };
}

function installationsOf(server: ServerJson, inputs: Inputs): Record<string, Installation> {
  const out: Record<string, Installation> = {};
  const add = (name: string, installation: Installation | undefined) => {
    if (!installation) return;
    let key = name;
    for (let count = 2; key in out; count++) key = `${name}-${count}`;
    out[key] = installation;
  };
  for (const item of server.packages ?? []) add(item.registryType, installationOf(item, inputs));
  for (const remote of server.remotes ?? []) {
    if (!remote.url) continue;
    add('remote', {
      type: remote.type === 'sse' ? 'sse' : 'http',
      url: inputs.address(remote.url, remote.variables),
      headers: recordOf(remote.headers, inputs),
    });
  }
  return out;
}

type State = Pick<Manifest, 'status' | 'status_message' | 'published_at' | 'updated_at'>;

function stateOf(server: ServerJson, meta: unknown): State {
  const all = (meta ?? server._meta) as Readonly<Record<string, unknown>> | null | undefined;
  const known = registryMetaOf(all);
  const status = known?.status ?? server.status ?? 'active';
  return {
    status: (['deprecated', 'deleted'].includes(status) ? status : 'active') as ManifestStatus,
    ...(known?.statusMessage ? { status_message: known.statusMessage } : {}),
    ...(known?.publishedAt ? { published_at: known.publishedAt } : {}),
    ...(known?.updatedAt ? { updated_at: known.updatedAt } : {}),
  };
}

/** What the registry itself says about an entry, from its `_meta`. */
export function registryMetaOf(meta: unknown): RegistryMeta {
  const all = meta as Readonly<Record<string, unknown>> | null | undefined;
  return registryMetaSchema.safeParse(withoutControls(all?.[REGISTRY_META])).data ?? {};
}

/** Whether the registry calls an entry its newest; when it does not say, it is. */
export function isLatest(meta: unknown): boolean {
  return registryMetaOf(meta).isLatest !== false;
}

/** The registry has verified who owns the namespace: an account at GitHub, or a domain. */
function publisherOf(name: string): NonNullable<Manifest['author']> {
  const [namespace = ''] = name.split('/');
  const user = /^io\.github\.(.+)$/.exec(namespace)?.[1];
  if (user !== undefined) return { name: user, url: `https://github.com/${user}` };
  const domain = namespace.split('.').reverse().join('.');
  return { name: domain, url: `https://${domain}` };
}

/** Tags and tools that publishers, or the registries in between, attach in their own sections. */
function publishedExtras(meta: unknown): Pick<Manifest, 'tags' | 'tools'> {
  const lists = listsIn(meta, 0);
  const names = (...keys: string[]) => [
    ...new Set(lists.filter(([key]) => keys.includes(key)).flatMap(([, list]) => namesOf(list))),
  ];
  const tags = names('tags', 'keywords');
  const tools = names('tools');
  return {
    ...(tags.length > 0 ? { tags } : {}),
    ...(tools.length > 0 ? { tools: tools.map((name) => ({ name })) } : {}),
  };
}

/** Texts, and the names of objects. */
function namesOf(list: readonly unknown[]): string[] {
  return list
    .map((item) => (typeof item === 'string' ? item : (item as { name?: unknown } | null)?.name))
    .filter((name): name is string => typeof name === 'string' && name !== '');
}

/** Every list in a value, with its key, a few levels deep. */
function listsIn(value: unknown, depth: number): [key: string, list: readonly unknown[]][] {
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  return Object.entries(value).flatMap(([key, item]): [string, readonly unknown[]][] =>
    Array.isArray(item) ? [[key, item]] : listsIn(item, depth + 1),
  );
}
