/** Servers in a folder: an unpacked bundle, a Node or Python project, or a manifest that says how. */
import { basename, join } from 'node:path';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { exists, readText } from '../platform/files.ts';
import { parseJson } from '../platform/json.ts';
import { type Manifest, manifestsIn } from '../registry/index.ts';
import { bundleManifest } from './bundle.ts';
import { isBundleManifest } from './bundle-schema.ts';

/** A folder as a server. */
export interface FolderServer {
  readonly manifest: Manifest;
  /** Commands, as words, that make it ready to be started. */
  readonly steps: readonly (readonly string[])[];
}

/** What a folder of each kind is known by, in order of preference. */
const READERS = [readBundle, readNode, readPython, readManifest];

/**
 * The server in a folder.
 * @param place where the folder will be when it is started, if not here
 * @param shown what it is called in errors
 * @throws McpmError `INVALID_INPUT` when nothing in it says how to start it; `CONFIG_SYNTAX`, `CONFIG_SHAPE`
 */
export async function folderServer(
  ctx: Context,
  folder: string,
  place = folder,
  shown = folder,
): Promise<FolderServer> {
  for (const read of READERS) {
    const found = await read(ctx, folder, place);
    if (found) return found;
  }
  throw new McpmError('INVALID_INPUT', `Nothing in ${shown} says how to start a server`, {
    hint: 'It needs a package.json with a "bin", a pyproject.toml with scripts, or a manifest.json.',
    data: { folder: shown },
  });
}

async function readBundle(
  ctx: Context,
  folder: string,
  place: string,
): Promise<FolderServer | undefined> {
  const file = join(folder, 'manifest.json');
  const json = await jsonIn(file);
  if (!isBundleManifest(json)) return undefined;
  const candidates = new Set(wordsIn(json));
  const there = new Set<string>();
  for (const path of candidates) if (await exists(join(folder, path))) there.add(path);
  const has = (path: string) => there.has(path);
  return { manifest: bundleManifest(ctx, json, place, has, file), steps: [] };
}

/** Every text in a document, as a path below its folder. */
function wordsIn(json: unknown): string[] {
  if (typeof json === 'string')
    return /^[\w@][^\0\n]{0,200}$|^\.\//.test(json) ? [json.replace(/^\.\//, '')] : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).flatMap(wordsIn);
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly main?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

async function readNode(
  _ctx: Context,
  folder: string,
  place: string,
): Promise<FolderServer | undefined> {
  const about = (await jsonIn(join(folder, 'package.json'))) as PackageJson | undefined;
  if (!about) return undefined;
  const bins = typeof about.bin === 'string' ? [about.bin] : Object.values(about.bin ?? {});
  const program = bins[0] ?? about.main;
  if (program === undefined) return undefined;
  const isInstalled =
    Object.keys(about.dependencies ?? {}).length === 0 ||
    (await exists(join(folder, 'node_modules')));
  const isBuilt = await exists(join(folder, program));
  const install = (await exists(join(folder, 'package-lock.json'))) ? 'ci' : 'install';
  return {
    manifest: {
      ...described(about, folder),
      installations: {
        node: { type: 'custom', command: 'node', args: [join(place, program)], recommended: true },
      },
    },
    steps: [
      ...(isInstalled && isBuilt ? [] : [['npm', install]]),
      ...(!isBuilt && about.scripts?.['build'] !== undefined ? [['npm', 'run', 'build']] : []),
    ],
  };
}

/** `[project.scripts]` names the programs; uv makes the environment when the server starts. */
async function readPython(
  _ctx: Context,
  folder: string,
  place: string,
): Promise<FolderServer | undefined> {
  const text = await readText(join(folder, 'pyproject.toml'));
  if (text === undefined) return undefined;
  const section = (name: string) =>
    new RegExp(`^\\[${name.replace('.', '\\.')}\\]\\s*\\n((?:(?!\\[).*\\n?)*)`, 'm').exec(
      text,
    )?.[1] ?? '';
  const field = (name: string) =>
    new RegExp(`^${name}\\s*=\\s*["']([^"']*)["']`, 'm').exec(section('project'))?.[1];
  const script = /^\s*["']?([\w.-]+)["']?\s*=/m.exec(section('project.scripts'))?.[1];
  if (script === undefined) return undefined;
  const about = {
    name: field('name'),
    version: field('version'),
    description: field('description'),
  };
  return {
    manifest: {
      ...described(about, folder),
      installations: {
        uv: {
          type: 'custom',
          command: 'uv',
          args: ['run', '--directory', place, script],
          recommended: true,
        },
      },
    },
    steps: [],
  };
}

/** A manifest of either registry that happens to lie in the folder. */
async function readManifest(_ctx: Context, folder: string): Promise<FolderServer | undefined> {
  for (const name of ['server.json', 'manifest.json', 'mcpm.json']) {
    const file = join(folder, name);
    const json = await jsonIn(file);
    if (json === undefined) continue;
    const { manifests } = await manifestsIn(json, file);
    if (manifests[0]) return { manifest: manifests[0], steps: [] };
  }
  return undefined;
}

function described(
  about: { [key in 'name' | 'version' | 'description' | 'license']?: string | undefined },
  folder: string,
): Omit<Manifest, 'installations'> {
  const name = (about.name ?? basename(folder)).replace(/[^@A-Za-z0-9._/-]+/g, '-');
  return {
    name,
    display_name: about.name ?? basename(folder),
    description: about.description ?? '',
    ...(about.version === undefined ? {} : { version: about.version }),
    ...(about.license === undefined ? {} : { license: about.license }),
  };
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await readText(file);
  return text === undefined ? undefined : parseJson(text, file);
}
