/** The built program before a real remote server that is restarted, and before a network that breaks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { configure } from '../../../conformance/program.ts';
import { LineClient, until } from '../../../helpers/engine.ts';
import { installFromNpm, root } from '../../../helpers/tools.ts';

const PACKAGE = '@modelcontextprotocol/server-everything';
const VERSION = '2026.8.31';

let everything: string;
beforeAll(async () => {
  const modules = await installFromNpm('everything', { [PACKAGE]: VERSION });
  everything = join(modules, '.bin/mcp-server-everything');
}, 180_000);

/** Start the server on a port; returns what kills it. */
async function startServer(transport: string, port: number): Promise<() => Promise<void>> {
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [everything, transport], { env, stdio: 'ignore' });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  for (let up = false; !up; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  }
  return kill;
}

/** A wire to a port that can be cut. */
async function openWire(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  return { port: (server.address() as AddressInfo).port, cut };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function run(url: string): Promise<LineClient> {
  const env = { ...process.env, ...configure({ far: { url } }).env };
  const child = spawn(process.execPath, [join(root, 'dist/main.cjs'), 'run', 'far'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, 'exit');
  });
  const client = new LineClient((line) => child.stdin.write(line), child.stdout);
  await client.initialize();
  return client;
}

describe.each([
  ['streamableHttp', '/mcp'],
  ['sse', '/sse'],
])('over %s', (transport, path) => {
  test('a restart fails the call under way by name; what is asked meanwhile waits for the new server', async () => {
    const port = await freePort();
    const kill = await startServer(transport, port);
    const client = await run(`http://127.0.0.1:${port}${path}`);
    expect(await client.call('echo', { message: 'before' })).toBe('Echo: before');
    const operation = {
      name: 'trigger-long-running-operation',
      arguments: { duration: 30, steps: 2 },
    };
    const lost = client.request('tools/call', operation);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kill();
    // A request on a connection whose end is not noticed yet may have reached the server, and is not sent twice.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const waiting = client.call('echo', { message: 'meanwhile' });
    await startServer(transport, port);
    expect(await waiting).toBe('Echo: meanwhile');
    expect((await lost).error?.message).toMatch(/^far: the (connection|stream|server) /);
    expect(await client.call('echo', { message: 'after' })).toBe('Echo: after');
  }, 60_000);
});

test('an answer whose stream is cut is taken up after the last event that came', async () => {
  const port = await freePort();
  await startServer('streamableHttp', port);
  const wire = await openWire(port);
  const client = await run(`http://127.0.0.1:${wire.port}/mcp`);
  const progress = () =>
    client.received.filter(({ method }) => method === 'notifications/progress');
  const answer = client.request('tools/call', {
    name: 'trigger-long-running-operation',
    // Over before the stream is taken up: this server sends a stream that was taken up nothing new.
    arguments: { duration: 0.8, steps: 4 },
    _meta: { progressToken: 'p' },
  });
  await until(() => progress().length >= 1, 20_000);
  wire.cut();
  expect((await answer).result.content[0].text).toContain('completed');
  expect(progress().map(({ params }) => params.progress)).toEqual([1, 2, 3, 4]);
}, 60_000);
