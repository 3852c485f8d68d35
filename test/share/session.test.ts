/** A share as the command starts it, over loopback: a real server behind the engine, tokens with scopes. */
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Server } from '../../src/config/index.ts';
import { createGateway } from '../../src/engine/index.ts';
import type { Scope, Share } from '../../src/share/index.ts';
import { ownNames } from '../../src/share/own-names.ts';
import { issueToken } from '../../src/share/protection/token-store.ts';
import { listRunning } from '../../src/share/running.ts';
import { type ShareOptions, startShare } from '../../src/share/session.ts';
import { makeHome } from '../helpers/home.ts';
import { until } from './relay/world.ts';

const script = fileURLToPath(new URL('./tools-server.mjs', import.meta.url));
const server = (name: string): Server => ({
  name,
  profile_tags: [],
  command: process.execPath,
  args: [script],
  env: {},
});
const target = { kind: 'profile', name: 'work' } as const;

async function start(
  options: Partial<ShareOptions> = {},
  home = makeHome({ now: () => new Date() }),
) {
  const share = await startShare(home.ctx, {
    target,
    servers: [server('one')],
    transport: 'http',
    provider: 'local',
    port: 0,
    scope: {},
    retry: 0,
    timeoutMs: 5_000,
    onEvent: () => {},
    ...options,
  });
  onTestFinished(() => share.close());
  return { home, share };
}

interface Reply {
  readonly status: number;
  readonly result: {
    readonly tools: readonly { readonly name: string }[];
    readonly environment: Readonly<Record<string, string>>;
    readonly content: readonly { readonly text: string }[];
  };
  readonly error: { readonly code: number; readonly message: string };
}

/** A client of the old era: opens a session, then asks. */
async function connect(url: string, token = '') {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  let id = 0;
  const ask = async (method: string, params: object = {}): Promise<Reply> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params });
    const response = await fetch(url, { method: 'POST', headers, body });
    const session = response.headers.get('mcp-session-id');
    if (session) headers['mcp-session-id'] = session;
    return { ...((await response.json()) as Omit<Reply, 'status'>), status: response.status };
  };
  const opened = await ask('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  return { opened, ask, headers };
}

/** Ask a share for its health over a connection of its own, with these fields; the whole response as text. */
function health(share: Share) {
  const { port, host } = new URL(share.url());
  return async (headers: Record<string, string>): Promise<string> => {
    const socket = createConnection(Number(port), '127.0.0.1');
    const fields = Object.entries({ host, ...headers });
    const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`GET /healthz HTTP/1.1\r\n${head}connection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    return text;
  };
}

const namesOf = ({ result }: Reply) => result.tools.map(({ name }) => name);

describe('a share', () => {
  it('serves a server to the holder of the token it made, and to nobody once it is closed', async () => {
    const { home, share } = await start();
    const { ask, opened } = await connect(share.url(), share.token?.secret);
    expect(opened.status).toBe(200);
    expect(namesOf(await ask('tools/list'))).toEqual(['read_file', 'write_file', 'unsaid']);
    const called = await ask('tools/call', { name: 'write_file' });
    expect(called.result.content).toMatchObject([{ text: 'write_file' }]);
    expect((await connect(share.url(), 'mcpms_wrong')).opened.status).toBe(401);
    expect(await listRunning(home.ctx)).toMatchObject([{ run: share.run, target }]);
    await share.close();
    expect(await listRunning(home.ctx)).toEqual([]);
    await expect(connect(share.url(), share.token?.secret)).rejects.toThrow();
    const again = await start({}, home);
    expect((await connect(again.share.url(), share.token?.secret)).opened.status).toBe(401);
  });

  it('keeps a named token from one share to the next, showing it once', async () => {
    const first = await start({ tokenName: 'laptop' });
    const secret = first.share.token?.secret ?? '';
    await first.share.close();
    const { share } = await start({ tokenName: 'laptop' }, first.home);
    expect(share.token?.secret).toBeUndefined();
    expect((await connect(share.url(), secret)).opened.status).toBe(200);
    for (const narrower of [{ scope: { readOnly: true } }, { lifetimeMs: 60_000 }])
      await expect(start({ tokenName: 'laptop', ...narrower }, first.home)).rejects.toMatchObject({
        code: 'CONFLICT',
      });
  });

  it('takes a named token again when it is asked for with the same limits', async () => {
    const limits = { tokenName: 'guest', scope: { tools: ['read_*'] }, lifetimeMs: 60_000 };
    const first = await start(limits);
    await first.share.close();
    const { share } = await start(limits, first.home);
    expect(share.token?.entry.id).toBe(first.share.token?.entry.id);
    expect((await connect(share.url(), first.share.token?.secret)).opened.status).toBe(200);
  });

  it('keeps to the limits that are set, and records nothing when that is switched off', async () => {
    const home = makeHome({ now: () => new Date() });
    home.write('.config/mcpm/config.json', '{"engine.maxBodyBytes": 500, "usage": false}');
    const { share } = await start({}, home);
    const { ask } = await connect(share.url(), share.token?.secret);
    const large = { name: 'write_file', arguments: { text: 'x'.repeat(600) } };
    expect((await ask('tools/call', large)).status).toBe(413);
    expect((await ask('tools/call', { name: 'write_file' })).status).toBe(200);
    await share.close();
    expect(existsSync(home.ctx.paths.usageDir)).toBe(false);
  });

  it('shows the server the environment that `mcpm run` shows it, and nothing of the share', async () => {
    const { home, share } = await start();
    const gateway = createGateway({ ctx: home.ctx, servers: [server('one')], name: 'one' });
    onTestFinished(() => gateway.close());
    const run = await gateway.serveHttp({ port: 0 });
    const [shared, plain] = [
      await connect(share.url(), share.token?.secret),
      await connect(run.url),
    ];
    const seen = (await shared.ask('vendor/anything')).result.environment;
    expect(Object.keys(seen)).toContain('PATH');
    expect(seen).toEqual((await plain.ask('vendor/anything')).result.environment);
  });

  it('ends by itself when its token does', async () => {
    const { share } = await start({ lifetimeMs: 300 });
    expect(await share.ended).toBe('expired');
  });

  it('tries again as often as it was told, and says why it gave up', async () => {
    const events: unknown[] = [];
    const failing = start(
      {
        provider: 'relay',
        address: '127.0.0.1:1',
        retry: 1,
        onEvent: (event) => events.push(event),
      },
      withToken(),
    );
    await expect(failing).rejects.toMatchObject({ code: 'TUNNEL' });
    expect(events).toMatchObject([{ type: 'retry' }]);
  });

  it('ends within two seconds, and its server with it, though that does not want to', async () => {
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    const { home, share } = await start({
      servers: [
        {
          ...server('stubborn'),
          args: [
            '-e',
            `require('node:fs').writeFileSync(process.env.NOTE, String(process.pid)); ${stubborn}`,
          ],
          env: { NOTE: '${HOME}/pid' },
        },
      ],
    });
    const pid = () => Number(existsSync(`${home.dir}/pid`) ? home.read('pid') : 0);
    await until(() => pid() > 0);
    const began = performance.now();
    await share.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(() => process.kill(pid(), 0)).toThrow(/ESRCH/);
  });

  it('goes by every name of this machine where it listens on all its addresses', async () => {
    const { share } = await start({ host: '0.0.0.0' });
    const { hostname, port } = new URL(share.url());
    expect(ownNames().map((name) => name.toLowerCase())).toContain(hostname);
    const ask = health(share);
    for (const name of ownNames().filter((one) => !one.includes(':')))
      expect(await ask({ host: `${name}:${port}` })).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask({ host: `evil.test:${port}` })).toMatch(/^HTTP\/1\.1 421 /);
  });

  it('answers for its health by its own names alone, in the log like all else, and no foreign page', async () => {
    const { home, share } = await start();
    const ask = health(share);
    expect(await ask({})).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask({ host: 'evil.test' })).toMatch(/^HTTP\/1\.1 421 /);
    const foreign = await ask({ origin: 'https://evil.test' });
    expect(foreign).toMatch(/^HTTP\/1\.1 403 /);
    expect(foreign.slice(0, foreign.indexOf('\r\n\r\n'))).not.toContain('evil.test');
    await share.close();
    const lines = home.read(share.auditFile.slice(home.dir.length)).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { what: 'GET /healthz', status: 200, outcome: 'ok' },
      { what: 'GET /healthz', status: 421, outcome: 'host' },
      { what: 'GET /healthz', status: 403, outcome: 'origin' },
    ]);
  });
});

function withToken() {
  const home = makeHome();
  home.write('.config/mcpm/config.json', '{"relay_token": "x"}');
  return home;
}

describe('a scope', () => {
  const cases: [string, Scope, string[]][] = [
    ['--read-only', { readOnly: true }, ['read_file']],
    ['--tools', { tools: ['*_file'] }, ['read_file', 'write_file']],
    ['both', { readOnly: true, tools: ['write*', 'unsaid'] }, []],
  ];
  it.each(cases)(
    'of %s: other tools are neither listed nor called',
    async (_name, scope, allowed) => {
      const { share } = await start({ scope });
      const { ask } = await connect(share.url(), share.token?.secret);
      for (const name of ['read_file', 'write_file', 'unsaid', 'unheard_of']) {
        const answer = await ask('tools/call', { name });
        expect([name, answer.result !== undefined]).toEqual([name, allowed.includes(name)]);
        if (!allowed.includes(name)) expect(answer.error.message).toBe(`Unknown tool: ${name}`);
      }
      expect(namesOf(await ask('tools/list'))).toEqual(allowed);
      expect((await ask('vendor/anything')).error.code).toBe(-32601);
    },
  );

  it('is that of the token, not of the share: two tokens see two lists', async () => {
    const { home, share } = await start({ scope: { readOnly: true } });
    const full = await issueToken(home.ctx, { name: 'full', target });
    const wide = await connect(share.url(), full.secret);
    const narrow = await connect(share.url(), share.token?.secret);
    expect(namesOf(await wide.ask('tools/list'))).toHaveLength(3);
    expect(namesOf(await narrow.ask('tools/list'))).toEqual(['read_file']);
    narrow.headers['mcp-session-id'] = wide.headers['mcp-session-id'] ?? '';
    expect((await narrow.ask('tools/list')).status).toBe(404);
  });

  it('of --servers opens no share of more', async () => {
    const { home, share } = await start({ tokenName: 'part', scope: { servers: ['one'] } });
    const secret = share.token?.secret ?? '';
    expect((await connect(share.url(), secret)).opened.status).toBe(200);
    const more = await start({ servers: [server('one'), server('two')] }, home);
    expect((await connect(more.share.url(), secret)).opened.status).toBe(401);
    expect((await connect(more.share.url(), more.share.token?.secret)).opened.status).toBe(200);
  });

  it('leaves the calls in the audit log', async () => {
    const { home, share } = await start({ scope: { readOnly: true } });
    const { ask } = await connect(share.url(), share.token?.secret);
    await ask('tools/call', { name: 'read_file', arguments: { path: 'hunter2' } });
    await ask('tools/call', { name: 'write_file' });
    await share.close();
    const text = home.read(share.auditFile.slice(home.dir.length));
    const calls = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ what }) => what.startsWith('tools/call'));
    expect(calls).toMatchObject([
      { who: expect.stringMatching(/^work-/), what: 'tools/call read_file', outcome: 'ok' },
      { what: 'tools/call write_file', outcome: 'error -32602' },
    ]);
    expect(text).not.toContain('hunter2');
  });
});
