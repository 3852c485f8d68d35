// Processes that a benchmark starts: each in a group of its own, watched for CPU and memory, ended with all its descendants.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const running = new Set();
const TICK_MS = 10; // USER_HZ is 100 on every Linux that Node runs on

/**
 * Start a process.
 * @param argv Program and arguments.
 * @returns The child, with `tail()`: the last of what it wrote to stderr.
 */
export function start(argv, { env = {}, stdio = ['pipe', 'pipe', 'pipe'] } = {}) {
  const [command, ...args] = argv;
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio,
    detached: process.platform !== 'win32',
  });
  running.add(child);
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    tail = (tail + text).slice(-2000);
  });
  child.tail = () => tail.trim();
  child.on('error', (error) => {
    tail += error.message;
  });
  child.ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  child.stdin?.on('error', () => {});
  return child;
}

/** End a process and everything below it. */
export async function stop(child) {
  const below = descendants(child.pid);
  child.stdin?.end();
  signal(child, 'SIGTERM');
  const gone = await Promise.race([child.ended.then(() => true), sleep(1500).then(() => false)]);
  if (!gone) signal(child, 'SIGKILL');
  for (const pid of below) killQuietly(pid);
  running.delete(child);
}

/** End whatever is still there, at once: for the way out. */
export function stopAll() {
  for (const child of running) {
    for (const pid of descendants(child.pid)) killQuietly(pid);
    signal(child, 'SIGKILL');
  }
}

function signal(child, name) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    child.kill(name);
  }
}

function killQuietly(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

/** Run a command to its end. @returns {time (ms), stdout} @throws when it fails. */
export async function toEnd({ argv, env }) {
  const began = performance.now();
  const child = start(argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  const timer = setTimeout(() => stop(child), 120_000);
  await child.ended;
  const time = performance.now() - began;
  clearTimeout(timer);
  if (child.exitCode !== 0) throw new Error(`exit ${child.exitCode}: ${child.tail()}`);
  return { time, stdout };
}

/** The CPU of a whole command in milliseconds, by the shell's own account: what a busy machine does not falsify. */
export async function cpuToEnd({ argv, env }) {
  const script = 'TIMEFORMAT="%U %S"; { time "$0" "$@" >/dev/null 2>&1; } 2>&1';
  const { stdout } = await toEnd({ argv: ['bash', '-c', script, ...argv], env });
  return stdout
    .trim()
    .split(' ')
    .reduce((sum, seconds) => sum + 1000 * Number(seconds), 0);
}

/** What is used by no process of ours: the floor that is asked directly. */
const NOTHING = { cpuMs: Number.NaN, rss: Number.NaN, processes: 0, treeRss: Number.NaN };

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Every process there is: {pid, parent, cpuMs, rss (bytes)}. */
function table() {
  return process.platform === 'linux' ? procTable() : psTable();
}

function procTable() {
  const rows = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      rows.push({
        pid: Number(name),
        parent: Number(fields[1]),
        cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
        rss: Number(fields[21]) * 4096,
      });
    } catch {
      // it ended while we looked
    }
  }
  return rows;
}

function psTable() {
  if (process.platform === 'win32') return [];
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, rss, time] = line.trim().split(/\s+/);
    if (time === undefined) return [];
    const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return [
      { pid: Number(pid), parent: Number(parent), rss: Number(rss) * 1024, cpuMs: seconds * 1000 },
    ];
  });
}

/** The ids of all processes below one. */
function descendants(pid, rows = table()) {
  const found = [];
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const row of rows) {
      if (row.parent !== next) continue;
      found.push(row.pid);
      queue.push(row.pid);
    }
  }
  return found;
}

function isBackend(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('bench/servers/');
  } catch {
    return false;
  }
}

/**
 * What a process and its descendants use now.
 * @returns {cpuMs, rss, processes, treeRss}: CPU and memory of the program under test without the echo servers below it; processes and
 * memory of the whole tree.
 */
export function usage(pid) {
  if (pid === undefined) return NOTHING;
  const rows = table();
  const tree = new Set([pid, ...descendants(pid, rows)]);
  const all = rows.filter((row) => tree.has(row.pid));
  const own = all.filter((row) => row.pid === pid || !isBackend(row.pid));
  const sum = (list, key) => list.reduce((total, row) => total + row[key], 0);
  return {
    cpuMs: sum(own, 'cpuMs'),
    rss: sum(own, 'rss'),
    processes: all.length,
    treeRss: sum(all, 'rss'),
  };
}
