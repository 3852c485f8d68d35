/** Manifests in whatever JSON they come: one, a list, a map by name; ours, or the official registry's. */
import { McpmError } from '../errors.ts';
import { withoutControls } from './clean.ts';
import type { Manifest } from './manifest.ts';

/** Manifests, and what was left out with the reason. */
export interface Gathered {
  readonly manifests: readonly Manifest[];
  readonly skipped: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The manifests in a document: a manifest, a `server.json`, a list of them, a map name → manifest (the MCPM registry's `servers.json`),
 * `{servers: …}`, a page of the official API, or an upstream registry file (`{data: {servers}}`). Entries that are wrong are left out.
 * @throws McpmError `CONFIG_SHAPE` when it is none of these
 */
export async function manifestsIn(json: unknown, where: string): Promise<Gathered> {
  const items = itemsOf(json);
  if (items.length === 0 && !isEmptyList(json)) {
    throw new McpmError('CONFIG_SHAPE', `${where} holds no server manifest`, {
      hint: 'See docs/registries.md for what a source of manifests looks like.',
      data: { where },
    });
  }
  const read = await reader(where);
  const manifests: Manifest[] = [];
  const skipped: string[] = [];
  for (const [name, item] of items) {
    try {
      manifests.push(read(item, name));
    } catch (error) {
      if (!(error instanceof McpmError) || items.length === 1) throw error;
      skipped.push(error.message);
    }
  }
  return { manifests, skipped };
}

/** Reads one entry of either kind; the schemas are loaded with the first. */
async function reader(where: string): Promise<(item: Json, name: string | undefined) => Manifest> {
  const { parseManifest } = await import('./manifest-schema.ts');
  const { manifestOf } = await import('./official/convert.ts');
  return (given, name) => {
    const item = withoutControls(given);
    if (!isServerJson(item)) return parseManifest(item, name ? `${name} in ${where}` : where);
    return manifestOf(item['server'] ?? item, item['server'] ? item['_meta'] : undefined, where);
  };
}

/** Name (where there is one) and item. */
function itemsOf(json: unknown): [name: string | undefined, item: Json][] {
  if (Array.isArray(json)) return json.filter(isObject).map((item) => [undefined, item]);
  if (!isObject(json)) return [];
  const inner = json['servers'] ?? (isObject(json['data']) ? json['data']['servers'] : undefined);
  if (inner !== undefined) return itemsOf(inner);
  if ('installations' in json || isServerJson(json)) return [[undefined, json]];
  return Object.entries(json).filter((pair): pair is [string, Json] => isObject(pair[1]));
}

function isServerJson(item: Json): boolean {
  return 'packages' in item || 'remotes' in item || isObject(item['server']);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmptyList(json: unknown): boolean {
  const list = isObject(json) ? (json['servers'] ?? json) : json;
  return typeof list === 'object' && list !== null && Object.keys(list).length === 0;
}
