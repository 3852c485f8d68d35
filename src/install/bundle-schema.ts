/** The manifest of a bundle, as far as it is used. Checked by hand: it is small, and its errors name the field. */

import { McpmError } from '../errors.ts';
import { asRecord, asText, asTextRecord, asTexts, ShapeError } from '../platform/store.ts';
import type { Capability, Manifest } from '../registry/index.ts';

const TYPES = ['string', 'number', 'boolean', 'directory', 'file'] as const;

/** One value a bundle asks for. */
export interface UserConfig {
  readonly type: (typeof TYPES)[number];
  readonly title?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly sensitive?: boolean;
  readonly multiple?: boolean;
  readonly default?: string | number | boolean | readonly (string | number | boolean)[];
}

/** How a bundle is started. */
export interface McpConfig {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly platform_overrides?: Readonly<Record<string, McpConfig>>;
}

/** A bundle's manifest. */
export interface BundleManifest {
  readonly name: string;
  readonly display_name?: string;
  readonly version: string;
  readonly description: string;
  readonly author?: NonNullable<Manifest['author']>;
  readonly repository?: NonNullable<Manifest['repository']>;
  readonly homepage?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly tools?: readonly Capability[];
  readonly server: {
    readonly type: string;
    readonly entry_point: string;
    readonly mcp_config?: McpConfig;
  };
  readonly compatibility?: { readonly platforms?: readonly string[] };
  readonly user_config?: Readonly<Record<string, UserConfig>>;
}

/** A bundle's manifest from its JSON. @throws McpmError `CONFIG_SHAPE` that names the field */
export function bundleSchema(json: unknown, where: string): BundleManifest {
  try {
    return decode(json);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const field = error.path.join('.') || 'it';
    throw new McpmError('CONFIG_SHAPE', `${where}: ${field} must be ${error.message}`, {
      data: { file: where, path: field },
    });
  }
}

/** Whether a document is a bundle's manifest rather than a registry's. */
export function isBundleManifest(json: unknown): boolean {
  const server = (json as { server?: { type?: unknown } } | null)?.server;
  return typeof server === 'object' && typeof server?.type === 'string';
}

function decode(json: unknown): BundleManifest {
  const all = asRecord(json, []);
  const server = asRecord(all['server'], ['server']);
  const config = server['mcp_config'];
  const users = Object.entries(asRecord(all['user_config'] ?? {}, ['user_config']));
  const author = all['author'] === undefined ? undefined : asRecord(all['author'], ['author']);
  const repository = all['repository'];
  const url = isObject(repository) ? repository['url'] : repository;
  const tools = Array.isArray(all['tools']) ? all['tools'].filter(isCapability) : undefined;
  const compatibility = asRecord(all['compatibility'] ?? {}, ['compatibility']);
  return {
    name: asText(all['name'], ['name']),
    version: asText(all['version'], ['version']),
    description: asText(all['description'] ?? '', ['description']),
    ...texts(all, ['display_name', 'homepage', 'license']),
    ...(typeof author?.['name'] === 'string'
      ? { author: { name: author['name'], ...texts(author, ['email', 'url']) } }
      : {}),
    ...(typeof url === 'string' ? { repository: { url } } : {}),
    ...(all['keywords'] === undefined ? {} : { keywords: asTexts(all['keywords'], ['keywords']) }),
    ...(tools === undefined ? {} : { tools }),
    server: {
      type: asText(server['type'], ['server', 'type']),
      entry_point: asText(server['entry_point'] ?? '', ['server', 'entry_point']),
      ...(config === undefined ? {} : { mcp_config: mcpConfig(config, ['server', 'mcp_config']) }),
    },
    compatibility: {
      platforms: asTexts(compatibility['platforms'], ['compatibility', 'platforms']),
    },
    user_config: Object.fromEntries(users.map(([key, one]) => [key, userConfig(key, one)])),
  };
}

function mcpConfig(value: unknown, path: readonly string[]): McpConfig {
  const config = asRecord(value, path);
  const overrides = Object.entries(
    asRecord(config['platform_overrides'] ?? {}, [...path, 'platform_overrides']),
  );
  return {
    ...texts(config, ['command']),
    ...(config['args'] === undefined ? {} : { args: asTexts(config['args'], [...path, 'args']) }),
    env: asTextRecord(config['env'], [...path, 'env']),
    platform_overrides: Object.fromEntries(
      overrides.map(([platform, own]) => [
        platform,
        mcpConfig(own, [...path, 'platform_overrides', platform]),
      ]),
    ),
  };
}

function userConfig(key: string, value: unknown): UserConfig {
  const path = ['user_config', key];
  const one = asRecord(value, path);
  const type = TYPES.find((known) => known === one['type']);
  if (type === undefined) throw new ShapeError([...path, 'type'], `one of ${TYPES.join(', ')}`);
  const standard = one['default'] as UserConfig['default'] | null;
  return {
    type,
    ...texts(one, ['title', 'description']),
    required: one['required'] === true,
    sensitive: one['sensitive'] === true,
    multiple: one['multiple'] === true,
    ...(standard === undefined || standard === null ? {} : { default: standard }),
  };
}

/** Those of the fields that are texts. */
function texts<K extends string>(
  record: Readonly<Record<string, unknown>>,
  keys: readonly K[],
): { [key in K]?: string } {
  return Object.fromEntries(
    keys.filter((key) => typeof record[key] === 'string').map((key) => [key, record[key]]),
  ) as { [key in K]?: string };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCapability(value: unknown): value is Capability {
  return isObject(value) && typeof value['name'] === 'string';
}
