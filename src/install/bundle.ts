/** Bundles (`.mcpb`): an archive with a server and its manifest (MCPB manifest 0.1–0.4). */
import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { parseJson } from '../platform/json.ts';
import {
  type Argument,
  type Installation,
  type Manifest,
  request,
  withoutControls,
  withoutCredentials,
} from '../registry/index.ts';
import {
  type BundleManifest,
  bundleSchema,
  type McpConfig,
  type UserConfig,
} from './bundle-schema.ts';
import { readZip, type ZipFile } from './zip.ts';

/** A bundle that was read and checked. */
export interface OpenBundle {
  readonly sha256: string;
  readonly files: readonly ZipFile[];
  readonly json: unknown;
}

const LIMITS = { files: 50_000, bytes: 1024 ** 3 };
const MOST_DOWNLOAD = 256 * 1024 * 1024;

/** Get a bundle from an address. @throws McpmError `NETWORK`, `REGISTRY` */
export async function downloadBundle(ctx: Context, url: string): Promise<Uint8Array> {
  const answer = await request(ctx, {
    url,
    what: `the host of ${withoutCredentials(url)}`,
    headers: { accept: '*/*' },
    timeoutMs: 300_000,
    maxBytes: MOST_DOWNLOAD,
  });
  return answer.body;
}

/**
 * Open a bundle.
 * @param expected its SHA-256 in hexadecimal, where it is known
 * @throws McpmError `INTEGRITY` when it is not what was announced, or hostile; `CONFIG_SHAPE`, `CONFIG_SYNTAX` for its manifest
 */
export async function openBundle(
  bytes: Uint8Array,
  name: string,
  expected: string | undefined,
): Promise<OpenBundle> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (expected !== undefined && expected !== sha256) {
    throw new McpmError('INTEGRITY', `${name} is not the bundle that was announced`, {
      hint: `Expected sha256 ${expected}, got ${sha256}; nothing was installed.`,
      data: { expected, sha256 },
    });
  }
  const files = readZip(bytes, name, LIMITS);
  const manifest = files.find(({ path }) => path === 'manifest.json');
  if (!manifest) {
    throw new McpmError('INTEGRITY', `${name} is no bundle: it has no manifest.json`);
  }
  // Every checksum is checked now, so that nothing is found out halfway through unpacking.
  for (const file of files) file.read();
  const json = await parseJson(new TextDecoder().decode(manifest.read()), `${name}/manifest.json`);
  return { sha256, files, json };
}

/**
 * The manifest of an unpacked bundle.
 * @param folder where it is, or will be
 * @param has whether a file is in the bundle
 * @throws McpmError `CONFIG_SHAPE` when it is no bundle's manifest, `INVALID_INPUT` when it is for other systems
 */
export function bundleManifest(
  ctx: Context,
  json: unknown,
  folder: string,
  has: (path: string) => boolean,
  where: string,
): Manifest {
  const bundle = withoutControls(bundleSchema(json, where));
  refuseOtherSystems(ctx, bundle);
  const { author, repository, license, homepage } = bundle;
  return {
    name: bundle.name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'bundle',
    display_name: bundle.display_name ?? bundle.name,
    description: bundle.description,
    version: bundle.version,
    ...(author === undefined ? {} : { author }),
    ...(repository === undefined ? {} : { repository }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(license === undefined ? {} : { license }),
    ...(bundle.tools === undefined ? {} : { tools: bundle.tools }),
    ...(bundle.keywords === undefined ? {} : { tags: bundle.keywords }),
    arguments: Object.fromEntries(
      Object.entries(bundle.user_config ?? {}).map(([key, one]) => [
        key,
        argumentOf(one, variables(ctx, folder)),
      ]),
    ),
    installations: { mcpb: installationOf(ctx, bundle, folder, has) },
  };
}

function refuseOtherSystems(ctx: Context, bundle: BundleManifest): void {
  const platforms = bundle.compatibility?.platforms;
  if (!platforms || platforms.length === 0 || platforms.includes(ctx.platform)) return;
  throw new McpmError(
    'INVALID_INPUT',
    `${bundle.name} runs on ${platforms.join(', ')}, not on ${ctx.platform}`,
    { data: { platforms } },
  );
}

function argumentOf(one: UserConfig, known: Variables): Argument {
  const formats = {
    file: 'filepath',
    directory: 'directory',
    number: 'number',
    boolean: 'boolean',
    string: 'string',
  } as const;
  const value = [one.default ?? []].flat().map((item) => substitute(String(item), known));
  return {
    description: one.description ?? one.title ?? '',
    required: one.required ?? false,
    format: formats[one.type],
    secret: one.sensitive ?? false,
    ...(one.multiple ? { repeated: true } : {}),
    ...(value.length === 0 ? {} : { default: value.join(',') }),
  };
}

function installationOf(
  ctx: Context,
  { server, name }: BundleManifest,
  folder: string,
  has: (path: string) => boolean,
): Installation {
  const config = server.mcp_config ?? defaultConfig(server.type, server.entry_point);
  const own = config.platform_overrides?.[ctx.platform];
  const known = variables(ctx, folder);
  const text = (value: string) => substitute(value, known);
  // Texts without a variable may name a file of the bundle: servers are not started in its folder.
  const word = (value: string) =>
    !isAbsolute(value) && has(value.replace(/^\.\//, '')) ? join(folder, value) : text(value);
  const command = own?.command ?? config.command;
  if (command === undefined) throw new McpmError('CONFIG_SHAPE', `${name} names no command`);
  const program = ctx.platform === 'win32' && has(`${command}.exe`) ? `${command}.exe` : command;
  return {
    type: 'mcpb',
    command: word(program),
    args: (own?.args ?? config.args ?? []).map(word),
    env: Object.fromEntries(
      Object.entries({ ...config.env, ...own?.env }).map(([key, value]) => [key, text(value)]),
    ),
    recommended: true,
  };
}

function defaultConfig(type: string, entry: string): McpConfig {
  const starters: Readonly<Record<string, McpConfig>> = {
    node: { command: 'node', args: [`\${__dirname}/${entry}`] },
    python: { command: 'python', args: [`\${__dirname}/${entry}`] },
    uv: { command: 'uv', args: ['run', '--directory', '${__dirname}', entry] },
  };
  return starters[type] ?? { command: `\${__dirname}/${entry}` };
}

type Variables = Readonly<Record<string, string>>;

function variables({ home, platform }: Context, folder: string): Variables {
  const separator = platform === 'win32' ? '\\' : '/';
  return {
    __dirname: folder,
    HOME: home,
    DESKTOP: join(home, 'Desktop'),
    DOCUMENTS: join(home, 'Documents'),
    DOWNLOADS: join(home, 'Downloads'),
    pathSeparator: separator,
    '/': separator,
  };
}

/** The bundle's variables filled in; `${user_config.KEY}` becomes the argument `${KEY}`. */
function substitute(text: string, known: Variables): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) =>
    name.startsWith('user_config.')
      ? `\${${name.slice('user_config.'.length)}}`
      : (known[name] ?? whole),
  );
}
