/** The real servers of the differential test: read from a table, installed at run time, started in a folder of their own. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StdioServer } from '../../../src/config/types.ts';
import { compile, HAS_COMPILER, installFromNpm, root } from '../../helpers/tools.ts';
import { HAS_PYPI, packageRunners } from '../../helpers/uvx.ts';

/** A call of a tool: its name and arguments. */
export type Call = readonly [tool: string, args: Readonly<Record<string, unknown>>];

/** One line of the table. */
export interface RealServer {
  readonly name: string;
  readonly source: 'npm' | 'pypi';
  readonly package: string;
  readonly version: string;
  /** A package below it that is compiled here, if any. */
  readonly builds: string | undefined;
  readonly start: string;
  readonly environment: string;
  readonly calls: string;
}

/** The table, without its comments. */
export const REAL_SERVERS: readonly RealServer[] = readFileSync(
  join(root, 'test/fixtures/servers/real.tsv'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', from = '', start = '', environment = '', calls = '[]'] = line.split('\t');
    const [, source, pkg = '', version = '', builds] =
      /^(npm|pypi):(.+)@(\S+?)(?: builds (\S+))?$/.exec(from) ?? [];
    return {
      name,
      source: source as 'npm' | 'pypi',
      package: pkg,
      version,
      builds,
      start,
      environment,
      calls,
    };
  });

/** Whether this machine can have a server: those from PyPI need a Python, those that are compiled a compiler. */
export function canInstall({ source, builds }: RealServer): boolean {
  return source === 'pypi' ? HAS_PYPI : builds === undefined || HAS_COMPILER;
}

/** How installed servers are started. */
export interface Installed {
  /** A server as its configuration would name it, with a folder of its own below `parent`, and its calls there. */
  configured(
    server: RealServer,
    parent: string,
  ): { readonly server: StdioServer; readonly calls: readonly Call[] };
}

/** Install every server of the table that is not there yet. */
export async function installAll(): Promise<Installed> {
  const fromNpm = REAL_SERVERS.filter((row) => row.source === 'npm' && canInstall(row));
  const modules = await installFromNpm(
    'real-servers',
    Object.fromEntries(fromNpm.map((server) => [server.package, server.version])),
  );
  for (const { builds } of fromNpm) if (builds !== undefined) await compile(modules, builds);
  const runners = await packageRunners();
  const { PATH = '', UV_CACHE_DIR = '' } = runners;
  return {
    configured({ name, source, package: pkg, version, start, environment, calls }, parent) {
      const folder = join(parent, name);
      // Several of one server at a time must not meet in the folder for temporary files.
      const temporary = `${folder}-tmp`;
      for (const made of [folder, temporary]) mkdirSync(made, { recursive: true });
      const fill = (text: string) => text.replaceAll('WORKDIR', folder);
      const words = fill(start).split(' ');
      const [command, args] =
        source === 'npm'
          ? [process.execPath, [join(modules, words[0] ?? ''), ...words.slice(1)]]
          : ['uvx', words.map((word) => (word === pkg ? `${pkg}@${version}` : word))];
      const own = fill(environment)
        .split(' ')
        .filter(Boolean)
        .map((pair) => pair.split('='));
      const env = {
        ...Object.fromEntries(own),
        PATH,
        UV_CACHE_DIR,
        HOME: folder,
        TMPDIR: temporary,
      };
      return {
        server: { name, profile_tags: ['all'], command, args, env },
        calls: JSON.parse(fill(calls)) as Call[],
      };
    },
  };
}
