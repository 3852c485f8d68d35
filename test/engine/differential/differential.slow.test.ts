/** Real servers, reached directly and through the built program, alone and five in a profile: what a client sees is the same. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { StdioServer } from '../../../src/config/types.ts';
import { root } from '../../helpers/tools.ts';
import {
  capabilitiesInProfile,
  inProfile,
  type Observation,
  observe,
  observePart,
  observeStateless,
  open,
  start,
} from './observe.ts';
import {
  type Call,
  canInstall,
  type Installed,
  installAll,
  REAL_SERVERS,
  type RealServer,
} from './table.ts';

const MAIN = process.env.GW ?? join(root, 'dist/main.cjs');
const PROFILE_SIZE = 5;

let installed: Installed;
let home: string;
/** What was seen of each server directly. */
const direct = new Map<string, { readonly seen: Observation; readonly answers: string[] }>();

beforeAll(async () => {
  installed = await installAll();
  home = mkdtempSync(join(tmpdir(), 'mcpm-differential-'));
}, 600_000);
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

/** The environment of a gateway that knows some servers. */
function configure(folder: string, servers: readonly object[]): Record<string, string> {
  const config = join(folder, 'config');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const byName = Object.fromEntries(servers.map((server) => [(server as RealServer).name, server]));
  writeFileSync(join(config, 'servers.json'), JSON.stringify(byName), { mode: 0o600 });
  return { MCPM_CONFIG_DIR: config, MCPM_DATA_DIR: join(folder, 'data') };
}

/** Long texts are compared by their hash, so that a difference can be read. */
const LONGEST_TEXT = 2_000;

/** Paths of the run's folders differ between two runs; nothing else may. */
function comparable<T>(seen: T, folder: string): T {
  const text = JSON.stringify(seen).replaceAll(folder, 'FOLDER');
  return JSON.parse(text, (_key, value) =>
    typeof value === 'string' && value.length > LONGEST_TEXT
      ? `${value.slice(0, 80)}… ${value.length} ${createHash('sha256').update(value).digest('hex')}`
      : value,
  ) as T;
}

/** Look at a program; `answers` are its lines, byte for byte, in the order of the requests. */
async function see(
  program: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Record<string, string>;
  },
  calls: readonly Call[],
  patience?: number,
) {
  const session = start(program.command, program.args, program.env);
  try {
    const seen = await observe(session.client, await open(session.client), calls);
    const answers = session.client.lines.filter((line) => /"(result|error)":/.test(line));
    return { seen, answers };
  } finally {
    await session.end(patience);
  }
}

/** The built program with some words, over servers that it is told of. */
function gateway(words: readonly string[], folder: string, servers: readonly object[]) {
  return { command: process.execPath, args: [MAIN, ...words], env: configure(folder, servers) };
}

/** What is seen of a server directly; looked at once. */
async function seenDirectly(row: RealServer) {
  const known = direct.get(row.name);
  if (known) return known;
  const near = join(home, 'near');
  const { server, calls } = installed.configured(row, near);
  const found = comparable(await see({ ...server, env: { ...server.env } }, calls, 300), near);
  direct.set(row.name, found);
  return found;
}

/** A test of every server of the table; those that this machine cannot have are shown as skipped. */
function each(body: (name: string, row: RealServer) => Promise<void>): void {
  for (const row of REAL_SERVERS)
    test.skipIf(!canInstall(row))(row.name, () => body(row.name, row));
}

describe.concurrent('alone', () => {
  each(async (name, row) => {
    const expected = await seenDirectly(row);
    const far = join(home, 'far');
    const { server, calls } = installed.configured(row, far);
    const program = gateway(['run', name], join(far, `${name}-mcpm`), [server]);
    expect(comparable(await see(program, calls), far)).toEqual(expected);
  });
});

describe('to a client of the new era, alone', () => {
  each(async (name, row) => {
    const { lists, read, prompt, calls: done } = (await seenDirectly(row)).seen;
    const far = join(home, 'stateless');
    const { server, calls } = installed.configured(row, far);
    const { command, args, env } = gateway(['run', name], join(far, `${name}-mcpm`), [server]);
    const session = start(command, args, env);
    try {
      const seen = await observeStateless(session.client, calls);
      expect(comparable(seen, far)).toEqual({ lists, read, prompt, calls: done });
    } finally {
      await session.end();
    }
  });
});

const runnable = REAL_SERVERS.filter(canInstall);

/** Five at a time; the last five again where fewer are left. */
const profiles = Array.from({ length: Math.ceil(runnable.length / PROFILE_SIZE) }, (_, index) => {
  const first = Math.min(index * PROFILE_SIZE, runnable.length - PROFILE_SIZE);
  return runnable.slice(first, first + PROFILE_SIZE);
});

describe('five in a profile', () => {
  test.each(profiles.map((rows) => [rows.map(({ name }) => name).join(', '), rows] as const))(
    '%s',
    async (_names, rows) => {
      const folder = join(home, `profile-${rows[0]?.name}`);
      const servers = rows.map((row) => installed.configured(row, folder));
      const program = gateway(
        ['profile', 'run', 'all'],
        join(folder, 'mcpm'),
        servers.map(({ server }) => server),
      );
      const session = start(program.command, program.args, program.env);
      try {
        const opened = await open(session.client);
        for (const [index, row] of rows.entries()) {
          const alone = (await seenDirectly(row)).seen;
          const expected = inProfile(row.name, alone);
          expect(opened.result.capabilities).toMatchObject(capabilitiesInProfile(alone));
          const { instructions } = alone.initialize.result;
          if (instructions)
            expect(opened.result.instructions).toContain(`# ${row.name}\n\n${instructions}`);
          const seen = await observePart(session.client, row.name, servers[index]?.calls ?? []);
          expect(comparable(seen, folder), row.name).toEqual(expected);
        }
        expect(opened.result.protocolVersion).toBe('2025-11-25');
        expect((await session.client.request('vendor/method', {})).error?.code).toBe(-32601);
      } finally {
        await session.end();
      }
    },
  );
});

/** How the one server of the table that serves over the network is told to, the path of its endpoint, and what it says when it listens. */
const NETWORK = [
  ['streamableHttp', '/mcp'],
  ['sse', '/sse'],
] as const;

describe('over the network', () => {
  test.each(NETWORK)('everything, by %s', async (transport, path) => {
    const row = REAL_SERVERS.find(({ name }) => name === 'everything');
    if (!row) throw new Error('the table has no such server');
    const expected = await seenDirectly(row);
    const { server, calls } = installed.configured(row, join(home, transport));
    const { url } = await listening(server, transport, path);
    const remote = { name: 'far', profile_tags: [], url, headers: {} };
    const program = gateway(['run', 'far'], join(home, `${transport}-mcpm`), [remote]);
    expect(comparable((await see(program, calls)).seen, home)).toEqual(expected.seen);
  });

  test.each(NETWORK)('everything, restarted in between, by %s', async (transport, path) => {
    const row = REAL_SERVERS.find(({ name }) => name === 'everything');
    if (!row) throw new Error('the table has no such server');
    const { server } = installed.configured(row, join(home, `${transport}-again`));
    const first = await listening(server, transport, path);
    const remote = { name: 'far', profile_tags: [], url: first.url, headers: {} };
    const { command, args, env } = gateway(['run', 'far'], join(home, `${transport}-2`), [remote]);
    const session = start(command, args, env);
    try {
      await open(session.client);
      const before = await session.client.request('tools/list');
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const meanwhile = session.client.request('prompts/list');
      await listening(server, transport, path, first.port);
      expect((await meanwhile).result.prompts).not.toEqual([]);
      expect((await session.client.request('tools/list')).result).toEqual(before.result);
      expect(await session.client.call('echo', { message: 'again' })).toBe('Echo: again');
    } finally {
      await session.end();
    }
  });
});

/** Start a server on a port, a free one unless told; it ends with the test. */
async function listening(server: StdioServer, transport: string, path: string, on?: number) {
  const port = on ?? (await freePort());
  const child = spawn(server.command, [...server.args, transport], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...server.env, PORT: String(port) },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve) => {
    const see = (chunk: Buffer) => chunk.includes(String(port)) && resolve();
    child.stdout.on('data', see);
    child.stderr.on('data', see);
  });
  return { child, port, url: `http://127.0.0.1:${port}${path}` };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
