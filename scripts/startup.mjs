// What each command line loads, checked without timing: the files of the build and the libraries in them, by V8's own list of what
// it compiled; and the sizes of the build. The limits are in bench/budgets.json, `loaded` and `sizes`.
//   node scripts/startup.mjs           after a build: exit 1 when a limit is exceeded
//   node scripts/startup.mjs --show    print what was found too
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEADLINE_MS = 30_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const { loaded, sizes } = read('bench/budgets.json');
const modules = read('.cache/build.json');
const home = mkdtempSync(join(tmpdir(), 'mcpm-startup-'));
const failures = [];

try {
  layHome();
  for (const [index, check] of loaded.entries()) {
    await checkLoaded(check, join(home, `coverage-${index}`));
  }
  for (const check of sizes) checkSize(check);
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}
for (const line of failures) console.error(`start-up: ${line}`);
if (failures.length === 0) console.log(`   ${loaded.length + sizes.length} limits hold`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** A HOME with a server, and a profile of two. */
function layHome() {
  const folder = join(home, '.config/mcpm');
  const args = [join(root, 'bench/servers/echo.mjs')];
  const server = (name, tags) => ({ name, profile_tags: tags, command: process.execPath, args });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'servers.json'),
    JSON.stringify({ echo: server('echo', ['two']), other: server('other', ['two']) }),
  );
}

/** Run one command line and hold what it loaded against its limits. */
async function checkLoaded({ args, serves, files, kilobytes, libraries }, coverage) {
  await runOnce(args, serves, coverage);
  const names = loadedFiles(coverage);
  const bytes = names.reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
  const found = new Set(names.flatMap((name) => modules[name].flatMap(libraryOf)));
  const what = `mcpm ${args.join(' ')}`;
  report(what, names.length, files, 'files');
  report(what, Math.ceil(bytes / 1000), kilobytes, 'KB');
  for (const name of found) {
    if (!libraries.includes(name)) failures.push(`\`${what}\` loads ${name}`);
  }
  if (process.argv.includes('--show')) console.log(`      ${names.join(' ')}`);
}

function report(what, value, limit, unit) {
  if (process.argv.includes('--show')) console.log(`   ${what}: ${value} ${unit} (≤ ${limit})`);
  if (value > limit) failures.push(`\`${what}\`: ${value} ${unit}, at most ${limit}`);
}

/** Run to the end; one that serves is asked for its tools first, then left. */
async function runOnce(args, serves, coverage) {
  const child = spawn(process.execPath, [join(root, 'dist/main.cjs'), ...args], {
    env: { ...process.env, HOME: home, USERPROFILE: home, NODE_V8_COVERAGE: coverage },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: DEADLINE_MS,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (serves) await askForTools(child);
  child.stdin.end();
  child.stdout.resume();
  const status = await ended;
  if (status !== 0) failures.push(`\`mcpm ${args.join(' ')}\` ended with ${status}`);
}

function askForTools(child) {
  const initialize = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'startup', version: '1.0.0' },
  };
  const send = (message) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({ id: 1, method: 'initialize', params: initialize });
  let text = '';
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.stdout.on('data', (chunk) => {
      const started = text.includes('\n');
      text += chunk;
      if (!started && text.includes('\n')) {
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list', params: {} });
      }
      if (text.split('\n').length > 2) resolve();
    });
  });
}

/** The build's files that a process compiled, out of its coverage. */
function loadedFiles(coverage) {
  const found = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8'));
    return result.flatMap(({ url }) => /\/dist\/((?:chunks\/)?[^/]+\.cjs)$/.exec(url)?.[1] ?? []);
  });
  return [...new Set(found)].filter((name) => name in modules);
}

function libraryOf(id) {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? [];
}

/** A file's size, that of all files of a folder, or that of the packed package. */
function checkSize({ what, kilobytes }) {
  report(what, Math.ceil(sizeOf(what) / 1000), kilobytes, 'KB');
}

function sizeOf(what) {
  if (what === 'npm pack') {
    const options = { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' };
    const text = execFileSync('npm', ['pack', '--dry-run', '--json'], options);
    const [{ size }] = [JSON.parse(text)].flat();
    return size;
  }
  const all = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && /\.c?js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => what === 'dist/**' || path === join(root, what))
    .reduce((sum, path) => sum + statSync(path).size, 0);
}
