/** How each kind of package of a `server.json` is started. */
import type { Installation, InstallationType, OptionalArgs } from '../manifest.ts';
import type { Inputs } from './inputs.ts';
import type { KeyValue, Package } from './schema.ts';

type Word = string | OptionalArgs;

/** What a starter is given. */
interface Parts {
  readonly item: Package;
  readonly runtime: readonly Word[];
  readonly own: readonly Word[];
  /** Names of the environment variables. */
  readonly env: readonly string[];
}

/** A kind of package. */
interface Starter {
  readonly type: InstallationType;
  readonly command: string;
  /** Other launchers it may name in `runtimeHint`. */
  readonly hints: readonly string[];
  args(parts: Parts, command: string): Word[];
  /** What the installation's `package` is. */
  package(item: Package): string;
}

const at = (item: Package, sign: string) =>
  item.version ? `${item.identifier}${sign}${item.version}` : item.identifier;

/** Registry type → starter. */
const STARTERS: Readonly<Record<string, Starter>> = {
  npm: {
    type: 'npm',
    command: 'npx',
    hints: ['npx', 'bunx'],
    package: (item) => item.identifier,
    args: ({ item, runtime, own }, command) => [
      ...(command === 'npx' && !runtime.some((word) => word === '-y' || word === '--yes')
        ? ['-y']
        : []),
      ...ownRegistry(item, '--registry', 'registry.npmjs.org'),
      ...without(runtime, item),
      at(item, '@'),
      ...own,
    ],
  },
  pypi: {
    type: 'uvx',
    command: 'uvx',
    hints: ['uvx'],
    package: (item) => item.identifier,
    args: ({ item, runtime, own }) => [
      ...ownRegistry(item, '--index-url', 'pypi.org'),
      ...without(runtime, item),
      at(item, '=='),
      ...own,
    ],
  },
  oci: {
    type: 'docker',
    command: 'docker',
    hints: ['docker', 'podman'],
    package: imageOf,
    args: ({ item, runtime, own, env }) => [
      ...(runtime.includes('run') ? [] : ['run', '-i', '--rm']),
      ...without(runtime, item),
      ...env
        .filter(
          (name) => !runtime.some((word) => typeof word === 'string' && word.startsWith(name)),
        )
        .flatMap((name) => ['-e', name]),
      imageOf(item),
      ...own,
    ],
  },
  nuget: {
    type: 'nuget',
    command: 'dnx',
    hints: ['dnx'],
    package: (item) => item.identifier,
    args: ({ item, runtime, own }) => [
      at(item, '@'),
      '--yes',
      ...without(runtime, item).filter((word) => word !== '--yes'),
      ...(own.length > 0 ? ['--', ...own] : []),
    ],
  },
};

/**
 * The installation of a package; `undefined` for kinds of packages this program does not know, and for packages that serve HTTP themselves
 * without saying where.
 */
export function installationOf(item: Package, inputs: Inputs): Installation | undefined {
  if (item.registryType === 'mcpb') return bundleOf(item);
  const starter = STARTERS[item.registryType];
  if (!starter) return undefined;
  const hint = item.runtimeHint ?? '';
  const command = starter.hints.includes(hint) ? hint : starter.command;
  const variables = item.environmentVariables ?? [];
  const parts: Parts = {
    item,
    runtime: (item.runtimeArguments ?? []).flatMap((one) => inputs.words(one)),
    own: (item.packageArguments ?? []).flatMap((one) => inputs.words(one)),
    env: variables.map(({ name }) => name),
  };
  const args = starter.args(parts, command);
  const env = recordOf(variables, inputs);
  if (item.transport && item.transport.type !== 'stdio') {
    return servedOverHttp(item, [command, ...args], inputs);
  }
  return { type: starter.type, command, args, env, package: starter.package(item) };
}

/** Names and texts of environment variables or headers. */
export function recordOf(
  values: readonly KeyValue[] | null | undefined,
  inputs: Inputs,
): Record<string, string> {
  return Object.fromEntries((values ?? []).map((one) => [one.name, inputs.keyValue(one)]));
}

/** A package that is a server on a port: it is reached there, and the person has to start it. */
function servedOverHttp(
  item: Package,
  line: readonly Word[],
  inputs: Inputs,
): Installation | undefined {
  const { transport } = item;
  if (!transport?.url) return undefined;
  const words = line.flatMap((word) => (typeof word === 'string' ? [word] : word.words));
  return {
    type: transport.type === 'sse' ? 'sse' : 'http',
    url: inputs.address(transport.url, transport.variables),
    headers: recordOf(transport.headers, inputs),
    description: `It serves HTTP itself; start it first: ${words.join(' ')}`,
  };
}

function bundleOf(item: Package): Installation {
  const sha256 = item.fileSha256?.toLowerCase();
  return {
    type: 'mcpb',
    package: item.identifier,
    ...(sha256 && /^[a-f0-9]{64}$/.test(sha256) ? { sha256 } : {}),
    ...(item.version ? { version: item.version } : {}),
  };
}

/** The full name of an image; older entries say registry, name and version apart. */
function imageOf(item: Package): string {
  const host = item.registryBaseUrl?.replace(/^https?:\/\//, '').replace(/\/+$/, '') ?? '';
  const [first = ''] = item.identifier.split('/');
  const isFull = host === '' || host === 'docker.io' || /[.:]/.test(first);
  const name = isFull ? item.identifier : `${host}/${item.identifier}`;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return item.version && !/[:@]/.test(last) ? `${name}:${item.version}` : name;
}

function ownRegistry(item: Package, flag: string, usual: string): string[] {
  const url = item.registryBaseUrl;
  return url && !url.includes(usual) ? [flag, url] : [];
}

/** Some entries repeat the package among the runtime's arguments. */
function without(words: readonly Word[], item: Package): Word[] {
  const repeated = new Set([item.identifier, at(item, '@'), at(item, '==')]);
  return words.filter((word) => typeof word !== 'string' || !repeated.has(word));
}
