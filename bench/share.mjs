// Measures the relay: node bench/share.mjs [--quick] [--json]. Needs `npm run build`. Everything on loopback, real TLS, each part a process of
// its own: load → relay (the built program) → agent → origin. Prints a table; exits 1 when a budget is missed.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { calls } from './share/calls.mjs';
import { load, open } from './share/load.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const quick = process.argv.includes('--quick');
const home = mkdtempSync(join(tmpdir(), 'mcpm-bench-share-'));
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** Start a Node process; its lines as they come. */
function start(args, { env = {}, from = 'stdout' } = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', from === 'stderr' ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      ...env,
      MCPM_CONFIG_DIR: join(home, 'config'),
      MCPM_DATA_DIR: join(home, 'data'),
    },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines = createInterface(child[from])[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value };
}

const FREE = ['--rate', '1000000', '--visitor-rate', '1000000', '--megabytes', '100000'];

async function startRelay(port = 0) {
  const relay = start([
    'dist/main.cjs',
    'relay',
    '--json',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    ...FREE,
  ]);
  return { ...relay, ...JSON.parse(await relay.next()) };
}

const origin = start(['bench/share/origin.mjs']);
const originPort = Number(await origin.next());
const relay = await startRelay();
const token = relay.created[0].token;
const caFile = relay.certificateFile;
const ca = readFileSync(caFile, 'utf8');
addTunnels(2000);
const agentArgs = (count) => [
  '--import',
  'tsx',
  'bench/share/agents.ts',
  `localhost:${relay.port}`,
  token,
  caFile,
  String(originPort),
  String(count),
];
const agent = start(agentArgs(1));
const prefix = await agent.next();

/** The owner's token may open twenty; the crowd needs more. The relay reads its file again within two seconds. */
function addTunnels(count) {
  const file = join(home, 'data/relay/tokens.json');
  const { tokens } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(
    file,
    JSON.stringify({ tokens: tokens.map((one) => ({ ...one, tunnels: count })) }),
  );
}

const total = quick ? 1_000 : 4_000;
const direct = { port: originPort, path: '/mcp' };
const through = { port: relay.port, ca, path: `${prefix}/mcp` };

async function race(options, pair = { direct, through }) {
  const rounds = [];
  for (let round = 0; round < (quick ? 2 : 5); round++)
    rounds.push([
      await load({ ...pair.direct, ...options }),
      await load({ ...pair.through, ...options }),
    ]);
  const median = (pick) => rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1];
  return {
    direct: median(([one]) => one.p50),
    relay: median(([, two]) => two.p50),
    p99: median(([, two]) => two.p99),
    ratio: median(([one, two]) => two.p50 / one.p50),
    rate: median(([, two]) => two.rate),
    directRate: median(([one]) => one.rate),
  };
}

/** A server shared by the built program, and the same served by it without a share: a call of a tool through each. */
async function sharedProgram() {
  const echo = {
    name: 'echo',
    profile_tags: [],
    env: {},
    command: process.execPath,
    args: [join(root, 'bench/servers/echo.mjs')],
  };
  mkdirSync(join(home, 'config'), { recursive: true });
  writeFileSync(join(home, 'config/servers.json'), JSON.stringify({ echo }));
  const run = start(['dist/main.cjs', 'run', 'echo', '--http', '--port', '0'], { from: 'stderr' });
  const near = /http:\/\/127\.0\.0\.1:(\d+)/.exec(await run.next());
  const share = start(
    ['dist/main.cjs', 'share', 'echo', '--port', '0', '--rate', '1000000', '--json'],
    {
      env: {
        MCPM_RELAY_ADDRESS: `localhost:${relay.port}`,
        MCPM_RELAY_TOKEN: token,
        MCPM_RELAY_CA: caFile,
      },
    },
  );
  const { url, token: key } = JSON.parse(await share.next());
  const authorization = `Bearer ${key.value}`;
  return {
    direct: await calls({ port: Number(near[1]), path: '/mcp', headers: {} }),
    through: await calls({
      port: relay.port,
      ca,
      path: new URL(url).pathname,
      headers: { authorization },
    }),
  };
}

async function eventDelays() {
  const socket = await open(relay.port, ca);
  const delays = [];
  await new Promise((resolve) => {
    socket.on('data', (chunk) => {
      const now = performance.timeOrigin + performance.now();
      for (const [, sent] of chunk.toString().matchAll(/data: ([\d.]+)/g))
        delays.push(now - Number(sent));
      if (delays.length >= (quick ? 100 : 500)) resolve();
    });
    socket.write(
      `GET ${prefix}/mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
    );
  });
  socket.destroy();
  delays.sort((a, b) => a - b);
  return { p50: delays[delays.length >> 1], p99: delays[Math.floor(delays.length * 0.99)] };
}

function memoryMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function crowd(count) {
  const before = memoryMb(relay.child.pid);
  const agents = start(agentArgs(count));
  const paths = [];
  for (let line = await agents.next(); line !== 'all'; line = await agents.next()) paths.push(line);
  for (const path of paths)
    await load({ ...through, path: `${path}/mcp`, size: 100, lanes: 1, total: 1 });
  const after = memoryMb(relay.child.pid);
  agents.child.kill();
  return { before, after };
}

await load({ ...direct, size: 100, lanes: 16, total: 2_000 });
await load({ ...through, size: 100, lanes: 16, total: 2_000 });
const one = await race({ size: 100, lanes: 1, total: total / 2 });
const many = await race({ size: 100, lanes: 16, total });
const large = await race({ size: 200_000, lanes: 16, total: total / 5 });
const program = await sharedProgram();
await load({ ...program.direct, lanes: 4, total: 1_000 });
await load({ ...program.through, lanes: 4, total: 1_000 });
const call = await race({ lanes: 1, total: total / 2 }, program);
const callMany = await race({ lanes: 16, total: total / 2 }, program);
const events = await eventDelays();
await new Promise((resolve) => setTimeout(resolve, 2_500));
const memory = await crowd(1_000);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ call, callMany, one, many, large, events, memory }));
  process.exit(0);
}

const ms = (value) => `${value.toFixed(2)} ms`;
const rows = [
  [
    'call of a shared tool, p50',
    `${ms(call.relay)}; ${ms(call.direct)} without a share`,
    call.ratio,
    4,
    '× direct',
  ],
  [
    'the same, 16 in flight',
    `${callMany.directRate.toFixed(0)}/s without a share`,
    callMany.rate,
    undefined,
    '/s',
  ],
  [
    'relay alone, 100 bytes, p50',
    `${ms(one.direct)} to the bare origin`,
    one.relay,
    undefined,
    'ms',
  ],
  [
    'relay alone, 16 in flight',
    `p50 ${ms(many.relay)}, p99 ${ms(many.p99)}; origin ${many.directRate.toFixed(0)}/s`,
    many.rate,
    -2_000,
    '/s',
  ],
  [
    '200 KB both ways, 16 in flight',
    `p50 ${ms(large.relay)}; origin ${large.directRate.toFixed(0)}/s`,
    large.rate,
    undefined,
    '/s',
  ],
  ['delay of an event, p50', `p99 ${ms(events.p99)}`, events.p50, 5, 'ms'],
  [
    'memory of a relay with 1,000 tunnels',
    `${memory.before.toFixed(0)} MB before`,
    memory.after,
    300,
    'MB',
  ],
];
let missed = 0;
for (const [what, detail, value, budget, unit] of rows) {
  const met = budget === undefined || (budget < 0 ? value >= -budget : value <= budget);
  if (!met) missed++;
  const wanted =
    budget === undefined ? '' : ` (budget ${budget < 0 ? `≥ ${-budget}` : `≤ ${budget}`})`;
  console.log(
    `${met ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(value < 100 ? 2 : 0)} ${unit}${wanted}; ${detail}`,
  );
}
process.exit(missed > 0 ? 1 : 0);
