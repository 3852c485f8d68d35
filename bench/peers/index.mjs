// Who is measured: floors, this program, and what people would use instead. One row each; a row names what it can do by having it:
//   stdio(world)          a program on stdio before one stdio server
//   http(world, port)     … on Streamable HTTP: argv and url          sse(world, port)   … on HTTP+SSE
//   profile(world, n)     a program on stdio before n servers
//   remote(world, url)    a program on stdio before a Streamable HTTP server
//   commands(world)       plain commands, by name
// The server itself says true for what suites do with it in their own way.
// Each answers {argv, env?, url?}. `world` has: node, server (argv of the echo server), env (a HOME where its servers are registered),
// peer (where it was installed).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binOf } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const local = (port, path) => `http://127.0.0.1:${port}${path}`;
const mcpm = (world, ...words) => ({
  argv: [world.node, join(root, 'dist/main.cjs'), ...words],
  env: world.env,
});
const python = (world, ...words) => ({
  argv: [binOf(world.peer.folder, 'mcpm'), ...words],
  env: world.env,
});
const pyProxy = (world, ...words) => ({
  argv: [binOf(world.peer.folder, 'mcp-proxy'), ...words],
});
const npmProgram =
  (path, ...always) =>
  (world, ...words) => ({
    argv: [world.node, join(world.peer.folder, 'node_modules', path), ...always, ...words],
  });
const supergateway = npmProgram('supergateway/dist/index.js', '--logLevel', 'none');
const proxy = npmProgram('mcp-proxy/dist/bin/mcp-proxy.mjs');

/** The commands that every program has. */
function plain(run) {
  return (world) => ({ version: run(world, '--version'), help: run(world, '--help') });
}

/** What both programs of the name can do. */
const program = (run) => ({
  stdio: (world) => run(world, 'run', 'echo'),
  http: (world, port) => ({
    ...run(world, 'run', 'echo', '--http', '--port', String(port)),
    url: local(port, '/mcp'),
  }),
  sse: (world, port) => ({
    ...run(world, 'run', 'echo', '--sse', '--port', String(port)),
    url: local(port, '/sse'),
  }),
  profile: (world, n) => run(world, 'profile', 'run', `p${n}`),
  remote: (world) => run(world, 'run', 'remote'),
  commands: (world) => ({
    ...plain(run)(world),
    ls: run(world, 'ls'),
    store: run(world, 'new', 'fresh', '--type', 'stdio', '--command', 'true', '--force'),
    client: run(world, 'client', 'edit', 'cursor', '--add-server', 'echo', '--force'),
  }),
});

export const PEERS = [
  {
    id: 'empty',
    title: 'empty Node',
    kind: 'floor',
    commands: ({ node }) => {
      const empty = { argv: [node, '-e', '0'] };
      return { version: empty, help: empty, ls: empty, store: empty, client: empty };
    },
  },
  {
    id: 'direct',
    title: 'the server itself',
    kind: 'floor',
    stdio: (world) => ({ argv: world.server }),
    http: (world, port) => ({
      argv: [world.node, here('../servers/http.mjs'), String(port)],
      url: local(port, '/mcp'),
    }),
    profile: true,
    remote: true,
  },
  {
    id: 'pipe',
    title: 'bare Node byte pipe',
    kind: 'floor',
    stdio: (world) => ({ argv: [world.node, here('pipe.mjs'), ...world.server] }),
  },
  { id: 'mcpm', title: 'mcpm', kind: 'ours', ...program(mcpm) },
  {
    id: 'mcpm-unrecorded',
    title: 'mcpm, usage not recorded',
    kind: 'ours',
    settings: { usage: false },
    stdio: (world) => mcpm(world, 'run', 'echo'),
  },
  {
    id: 'sdk',
    title: 'SDK Server + Client',
    kind: 'peer',
    version: sdkVersion,
    stdio: (world) => ({ argv: [world.node, here('sdk.mjs'), 'stdio', ...world.server] }),
    http: (world, port) => ({
      argv: [world.node, here('sdk.mjs'), 'http', String(port), ...world.server],
      url: local(port, '/mcp'),
    }),
  },
  {
    id: 'supergateway',
    title: 'supergateway',
    kind: 'peer',
    source: { npm: 'supergateway' },
    http: (world, port) => ({
      ...supergateway(
        world,
        ...['--stdio', world.server.join(' '), '--port', String(port)],
        ...['--outputTransport', 'streamableHttp', '--stateful'],
      ),
      url: local(port, '/mcp'),
    }),
    sse: (world, port) => ({
      ...supergateway(world, '--stdio', world.server.join(' '), '--port', String(port)),
      url: local(port, '/sse'),
    }),
    remote: (world, url) => supergateway(world, '--streamableHttp', url),
    commands: plain(supergateway),
  },
  {
    id: 'mcp-proxy',
    title: 'mcp-proxy (npm)',
    kind: 'peer',
    source: { npm: 'mcp-proxy' },
    http: (world, port) => ({
      ...proxy(world, '--port', String(port), '--', ...world.server),
      url: local(port, '/mcp'),
    }),
    sse: (world, port) => ({
      ...proxy(world, '--port', String(port), '--', ...world.server),
      url: local(port, '/sse'),
    }),
    commands: plain(proxy),
  },
  {
    id: 'mcp-proxy-py',
    title: 'mcp-proxy (PyPI)',
    kind: 'peer',
    source: { pypi: 'mcp-proxy' },
    http: (world, port) => ({
      ...pyProxy(world, '--port', String(port), '--log-level', 'ERROR', '--', ...world.server),
      url: local(port, '/mcp'),
    }),
    sse: (world, port) => ({
      ...pyProxy(world, '--port', String(port), '--log-level', 'ERROR', '--', ...world.server),
      url: local(port, '/sse'),
    }),
    remote: (world, url) => pyProxy(world, '--transport', 'streamablehttp', url),
    commands: plain(pyProxy),
  },
  {
    id: 'mcpm-py',
    title: 'mcpm v2 (PyPI)',
    kind: 'peer',
    source: { pypi: 'mcpm' },
    ...program(python),
  },
];

function sdkVersion() {
  const file = join(root, 'node_modules/@modelcontextprotocol/server/package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
