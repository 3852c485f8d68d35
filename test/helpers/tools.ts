/** Programs that tests need and the project does not: installed at run time into `.cache/`, once, at pinned versions. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Node for what needs a newer one than the project. */
export const NODE_VERSION = '24.21.0';

const run = promisify(execFile);
const windows = process.platform === 'win32';

/** The npm package that carries a Node binary for this machine. */
const NODE_PACKAGE = [
  process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node',
  windows ? 'win' : process.platform,
  process.arch,
].join('-');

/**
 * Install npm packages (exact versions) into `.cache/<folder>` unless they are there; returns its `node_modules`.
 * No install scripts run.
 */
export async function installFromNpm(
  folder: string,
  packages: Readonly<Record<string, string>>,
): Promise<string> {
  const prefix = join(root, '.cache', folder);
  const modules = join(prefix, 'node_modules');
  const missing = Object.entries(packages).filter(
    ([name, version]) => installedVersion(join(modules, name)) !== version,
  );
  if (missing.length === 0) return modules;
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  await run(
    windows ? 'npm.cmd' : 'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix, ...wanted],
    { cwd: prefix, shell: windows, maxBuffer: 1 << 26 },
  );
  return modules;
}

function installedVersion(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version as string;
  } catch {
    return undefined;
  }
}

/** Whether native modules can be compiled here. */
export const HAS_COMPILER: boolean = !windows && ['make', 'g++', 'python3'].every(onPath);

/** Compile a native package below a `node_modules`, once; with this Node's headers from npm, and unoptimised, which is far quicker. */
export async function compile(modules: string, name: string): Promise<void> {
  const build = join(modules, name, 'build');
  const files = existsSync(build) ? readdirSync(build, { recursive: true, encoding: 'utf8' }) : [];
  if (files.some((file) => file.endsWith('.node'))) return;
  const env = {
    ...process.env,
    npm_config_build_from_source: 'true',
    npm_config_debug: 'true',
    npm_config_nodedir: join(await installNode(process.versions.node), '../..'),
  };
  const prefix = join(modules, '..');
  await run('npm', ['rebuild', name, '--prefix', prefix], { cwd: prefix, env, maxBuffer: 1 << 28 });
}

/** Whether a program can be started. */
export function onPath(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The path of a Node of that exact version, from npm. */
export async function installNode(version: string): Promise<string> {
  const modules = await installFromNpm(`node-${version}`, { [NODE_PACKAGE]: version });
  return join(modules, NODE_PACKAGE, 'bin', windows ? 'node.exe' : 'node');
}
