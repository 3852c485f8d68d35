// `npm start`: the main job, on real servers, in a throw-away home. Plain Node, no dependency before `npm ci`.
//   npm start             ends by itself
//   npm start -- --keep   leaves the endpoint up until Ctrl+C
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';

bootstrap();
run(process.execPath, ['scripts/build.mjs']);

const main = join(root, 'dist/main.cjs');
const home = mkdtempSync(join(tmpdir(), 'mcpm-start-'));
const files = join(home, 'files');
mkdirSync(files);
writeFileSync(join(files, 'hello.txt'), 'Hello from a file.\n');
// Nothing of the person's own mcpm is touched or has a say here. npm's cache and settings stay theirs, so that nothing is downloaded twice.
const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MCPM_'));
const env = {
  ...Object.fromEntries(others),
  HOME: home,
  USERPROFILE: home,
  MCPM_NON_INTERACTIVE: 'true',
};
env.npm_config_cache ??= npmConfig('cache');
env.npm_config_userconfig ??= npmConfig('userconfig');

let server;
try {
  await demonstrate();
} finally {
  await stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

async function demonstrate() {
  title('Install three servers from the catalogue');
  mcpm('install', 'everything', '--yes');
  mcpm('install', 'filesystem', '--yes', '--set', `ALLOWED_DIRECTORY=${files}`);
  const third = hasUvx() ? 'time' : 'memory';
  if (third === 'memory') mcpm('install', 'time', '--dry-run');
  mcpm('install', third, '--yes');

  title('Group them into a profile');
  mcpm('profile', 'create', 'demo', '--description', 'three servers as one');
  mcpm('profile', 'edit', 'demo', '--add-server', `everything,filesystem,${third}`);
  mcpm('ls');

  title('Serve the profile on one HTTP endpoint, and call a tool of each server through it');
  const url = await serve();
  const client = await connect(url);
  const { tools } = await client('tools/list', {});
  console.log(`${tools.length} tools on ${url}`);
  await call(client, 'everything_echo', { message: 'one endpoint, many servers' });
  await call(client, 'filesystem_read_text_file', { path: join(files, 'hello.txt') });
  if (third === 'time') await call(client, 'time_get_current_time', { timezone: 'UTC' });
  else await call(client, 'memory_read_graph', {});

  title('Plug the profile into a client');
  const config = join(home, '.cursor/mcp.json');
  mkdirSync(join(home, '.cursor'));
  writeFileSync(
    config,
    '{\n  // my own server stays as it is\n  "mcpServers": {\n    "mine": { "command": "node", "args": ["mine.js"] },\n  },\n}\n',
  );
  show('before', config);
  mcpm('client', 'edit', 'cursor', '--add-profile', 'demo', '--yes');
  show('after', config);

  if (process.argv.includes('--keep')) {
    console.log(`\nThe endpoint stays up on ${url} until Ctrl+C.`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
  await stop();
  title('What was used');
  mcpm('usage');
}

/** Run the program, show what was typed and what it said; any failure ends this script. */
function mcpm(...words) {
  console.log(
    `$ mcpm ${words.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')}`,
  );
  const { status } = spawnSync(process.execPath, [main, ...words], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`mcpm ${words[0]} ended with ${status}`);
}

/** `mcpm profile run demo --http`, until it says where it listens. */
function serve() {
  console.log('$ mcpm profile run demo --http');
  server = spawn(process.execPath, [main, 'profile', 'run', 'demo', '--http'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    server.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      text += chunk;
      const url = /https?:\/\/[\w.:[\]]+\/mcp/.exec(text)?.[0];
      if (url) resolve(url);
    });
    server.once('exit', (status) => reject(new Error(`mcpm profile run ended with ${status}`)));
  });
}

/** A minimal Streamable HTTP client: returns a function that sends a request and gives its result. */
async function connect(url) {
  let session;
  let id = 0;
  const post = async (message) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session ? { 'mcp-session-id': session } : {}),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
    session ??= response.headers.get('mcp-session-id');
    if (message.id === undefined) return undefined;
    const body = await response.text();
    const lines = body.startsWith('{')
      ? [body]
      : body.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
    const answer = lines.map((line) => JSON.parse(line)).find((one) => one.id === message.id);
    if (!answer?.result)
      throw new Error(`${message.method}: ${JSON.stringify(answer?.error ?? body)}`);
    return answer.result;
  };
  await post({
    id: ++id,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'npm-start', version: '1.0.0' },
    },
  });
  await post({ method: 'notifications/initialized' });
  return (method, params) => post({ id: ++id, method, params });
}

async function call(client, name, args) {
  const result = await client('tools/call', { name, arguments: args });
  const text = result.content?.[0]?.text ?? '';
  console.log(`  ${name} → ${text.trim().replace(/\s+/g, ' ').slice(0, 120)}`);
  if (result.isError || text === '') throw new Error(`${name} failed: ${JSON.stringify(result)}`);
}

async function stop() {
  const child = server;
  server = undefined;
  if (!child || child.exitCode !== null) return;
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** uvx, which starts servers from PyPI, comes with uv; a machine with Node alone has none. */
function hasUvx() {
  const shell = process.platform === 'win32';
  return spawnSync('uvx', ['--version'], { stdio: 'ignore', shell }).status === 0;
}

function npmConfig(key) {
  const { stdout } = spawnSync('npm', ['config', 'get', key], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return stdout.trim();
}

function title(text) {
  console.log(`\n== ${text}`);
}

function show(when, file) {
  console.log(`${when}:\n${readFileSync(file, 'utf8').replace(/^/gm, '  ').trimEnd()}`);
}
