/** Manifests for what is named directly: a package, an image, an address. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { withoutControls } from './clean.ts';
import { withoutCredentials } from './http.ts';
import type { InstallationType, Manifest } from './manifest.ts';
import { shortName } from './search/entry.ts';
import { VERSION_SOURCES, withoutTag } from './versions/index.ts';
import type { Ecosystem, ExactVersion } from './versions/types.ts';

/** How a package of each kind is started: `word` names it, with the version, tag or range that was asked for, if any. */
const STARTERS = {
  npm: {
    type: 'npm',
    command: 'npx',
    word: (name, version) => (version === undefined ? name : `${name}@${version}`),
    args: npmArgs,
  },
  pypi: {
    type: 'uvx',
    command: 'uvx',
    word: (name, version) => (/^(latest)?$/.test(version ?? '') ? name : `${name}==${version}`),
    args: (word) => [word],
  },
  oci: {
    type: 'docker',
    command: 'docker',
    word: (name, version) => (version === undefined ? name : `${withoutTag(name)}:${version}`),
    args: (word) => ['run', '-i', '--rm', word],
  },
} as const satisfies Record<Ecosystem, Starter>;

interface Starter {
  readonly type: InstallationType;
  readonly command: string;
  word(name: string, version: string | undefined): string;
  args(word: string, exact: ExactVersion): string[];
}

/** npx starts the only program of a package, or the one of its name; of several others it has to be told one. */
function npmArgs(word: string, { package: name, programs = [] }: ExactVersion): string[] {
  const [first] = programs;
  const isPlain = programs.length < 2 || programs.includes(shortName(name));
  return isPlain || first === undefined ? ['-y', word] : ['-y', '-p', word, first];
}

/**
 * The manifest of a package or image, from its own registry. Its command names a version only when one is wanted: settling the newest is
 * up to the installation.
 * @throws McpmError `NOT_FOUND`, `NETWORK`, `REGISTRY`, `AUTH`
 */
export async function packageManifest(
  ctx: Context,
  kind: Ecosystem,
  name: string,
  wanted: string | undefined,
): Promise<Manifest> {
  const exact = withoutControls(await VERSION_SOURCES[kind].resolve(ctx, name, wanted));
  if (exact.programs?.length === 0) {
    throw new McpmError('INVALID_INPUT', `The npm package ${name} has no program to start`, {
      hint: `Look for the server it belongs to: mcpm search ${shortName(name)}`,
      data: { package: name },
    });
  }
  const { type, command, word, args }: Starter = STARTERS[kind];
  const words = args(word(name, wanted), exact);
  const plain = exact.package;
  const label = shortName(plain);
  return {
    name: nameOf(plain),
    display_name: label,
    description: exact.description ?? '',
    version: exact.version,
    ...(exact.repository === undefined ? {} : { repository: { url: exact.repository } }),
    ...(exact.homepage === undefined ? {} : { homepage: exact.homepage }),
    ...(exact.license === undefined ? {} : { license: exact.license }),
    ...(exact.deprecated === undefined
      ? {}
      : { status: 'deprecated', status_message: exact.deprecated }),
    installations: {
      [type]: { type, command, args: words, package: plain, recommended: true },
    },
    origin: { source: kind, reference: `${kind}:${plain}@${exact.version}`, url: exact.registry },
  };
}

/** The manifest of a server that runs somewhere already. @throws McpmError `INVALID_INPUT` for an address with a password in it */
export function remoteManifest(url: string): Manifest {
  const plain = withoutCredentials(url);
  if (plain !== url) {
    throw new McpmError('INVALID_INPUT', `The address of ${plain} holds a user or password`, {
      hint: `Keep it as a secret: mcpm secret set NAME, then mcpm new NAME --url ${plain} --headers 'Authorization=Basic \${secret:NAME}'`,
    });
  }
  const { hostname } = new URL(url);
  const label = hostname.replace(/^(www|mcp|api)\./, '').split('.')[0] ?? hostname;
  return {
    name: label,
    display_name: hostname,
    description: '',
    installations: { http: { type: 'http', url, recommended: true } },
    origin: { source: 'url', reference: url, url },
  };
}

function nameOf(name: string): string {
  const parts = name.split('/');
  return parts.length > 2 ? parts.slice(-2).join('/') : name;
}
