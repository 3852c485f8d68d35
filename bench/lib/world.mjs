// Where a run happens: a temporary HOME for each program that keeps servers, with the echo servers registered, and free ports.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep } from './processes.mjs';

const ECHO = fileURLToPath(new URL('../servers/echo.mjs', import.meta.url));

/** Sizes of the profiles `p1`, `p5`… that every HOME has. */
export const PROFILES = [1, 5, 20, 50];

/**
 * Lay out the world.
 * @param node The Node that contestants and servers run on.
 * @param remote The URL that the registered server `remote` stands for.
 */
export function createWorld({ node, remote }) {
  const folder = mkdtempSync(join(tmpdir(), 'mcpm-bench-'));
  const server = [node, ECHO];
  return {
    node,
    server,
    remote,
    folder,
    /** The world as one contestant sees it. */
    of: (contestant) => ({
      node,
      server,
      peer: contestant.installed,
      env: environment(join(folder, contestant.id), { server, remote, ...contestant.settings }),
    }),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function environment(home, { server, remote, ...settings }) {
  const config = join(home, '.config/mcpm');
  mkdirSync(config, { recursive: true });
  const [command, ...args] = server;
  const entry = (name, tags = []) => [
    name,
    { name, profile_tags: tags, command, args: [...args], env: {} },
  ];
  const members = Array.from({ length: PROFILES.at(-1) }, (_, i) =>
    entry(
      `s${i + 1}`,
      PROFILES.filter((size) => i < size).map((size) => `p${size}`),
    ),
  );
  const servers = Object.fromEntries([entry('echo'), ...members]);
  if (remote) servers.remote = { name: 'remote', profile_tags: [], url: remote, headers: {} };
  writeFileSync(join(config, 'servers.json'), JSON.stringify(servers));
  writeFileSync(join(config, 'config.json'), JSON.stringify(settings));
  mkdirSync(join(home, '.cursor'), { recursive: true });
  writeFileSync(join(home, '.cursor/mcp.json'), '{ "mcpServers": {} }');
  return { HOME: home, USERPROFILE: home, MCPM_NON_INTERACTIVE: 'true', NO_COLOR: '1' };
}

/** A HOME of its own whose registries are the embedded catalogue and one on loopback. */
export function registryHome(world, name, url) {
  const settings = { registries: ['catalogue', `big=${url}`] };
  return environment(join(world.folder, name), { server: world.server, ...settings });
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Resolves once something listens on a port; after ten seconds in any case. */
export async function listening(port) {
  const until = performance.now() + 10_000;
  while (performance.now() < until && !(await answers(port))) await sleep(10);
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (found) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
