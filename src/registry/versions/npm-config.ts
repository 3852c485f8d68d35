/** Where npm looks for packages: its own settings, so that mirrors and private registries work as they do for npm. */
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { readText } from '../../platform/files.ts';

const PUBLIC = 'https://registry.npmjs.org/';

/** A registry and what it is asked with. */
export interface NpmRegistry {
  /** Ends with a slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type NpmContext = Pick<Context, 'env' | 'home'>;

/**
 * The registry for a package: of its scope (`@scope:registry`), of the environment (`npm_config_registry`), of the user's `.npmrc`, else
 * the public one; with the credentials that `.npmrc` holds for that host.
 */
export async function npmRegistryFor(ctx: NpmContext, name: string): Promise<NpmRegistry> {
  const settings = await npmSettings(ctx);
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const url = (scope && settings.get(`${scope}:registry`)) || settings.get('registry') || PUBLIC;
  const base = url.endsWith('/') ? url : `${url}/`;
  return { url: base, headers: credentials(settings, base) };
}

/** Settings by npm's names; the environment goes before the file. */
async function npmSettings(ctx: NpmContext): Promise<ReadonlyMap<string, string>> {
  const file = ctx.env.NPM_CONFIG_USERCONFIG ?? ctx.env.npm_config_userconfig;
  const text = (await readText(file || join(ctx.home, '.npmrc')).catch(() => undefined)) ?? '';
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) settings.set(match[1], expand(match[2] ?? '', ctx.env));
  }
  for (const [key, value] of Object.entries(ctx.env)) {
    const name = /^npm_config_(.+)$/i.exec(key)?.[1];
    if (name === undefined || !value) continue;
    settings.set(/^(@|\/\/)/.test(name) ? name : name.toLowerCase().replace(/_/g, '-'), value);
  }
  return settings;
}

function expand(text: string, env: NpmContext['env']): string {
  return text
    .replace(/^"(.*)"$/, '$1')
    .replace(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole);
}

/** The credentials of the longest path that the registry is below (`//host/path/:_authToken`). */
function credentials(
  settings: ReadonlyMap<string, string>,
  base: string,
): Readonly<Record<string, string>> {
  let path = base.replace(/^https?:/, '');
  while (path.length > 2) {
    const token = settings.get(`${path}:_authToken`);
    if (token) return { authorization: `Bearer ${token}` };
    const basic = settings.get(`${path}:_auth`);
    if (basic) return { authorization: `Basic ${basic}` };
    path = path.replace(/[^/]*\/$/, '');
  }
  return {};
}
