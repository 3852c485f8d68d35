import { describe, expect, it } from 'vitest';
import { chooseProvider, PROVIDERS } from '../../../src/share/tunnels/index.ts';
import { makeHome } from '../../helpers/home.ts';
import { until } from '../relay/world.ts';
import { calls, fake, open, request } from './world.ts';

describe('the list of providers', () => {
  it('is complete, and each names itself', () => {
    expect(Object.entries(PROVIDERS).map(([id, provider]) => [id, provider.id])).toEqual(
      ['relay', 'ssh', 'frp', 'cloudflared', 'ngrok', 'tailscale', 'command', 'local'].map((id) => [
        id,
        id,
      ]),
    );
  });

  it('prefers the one asked for, then the setting, then the first configured', () => {
    const settings = { ssh_address: 'host', share_command: 'x' };
    expect(chooseProvider('frp', settings).id).toBe('frp');
    expect(chooseProvider(undefined, { ...settings, share_provider: 'command' }).id).toBe(
      'command',
    );
    expect(chooseProvider(undefined, settings).id).toBe('ssh');
    expect(chooseProvider(undefined, { ...settings, relay_address: 'r' }).id).toBe('relay');
    expect(() => chooseProvider('carrier-pigeon', settings)).toThrow(/no tunnel provider/);
    expect(() => chooseProvider(undefined, {})).toThrow('No tunnel is configured');
  });

  it.each([
    ['ssh', { ssh_address: 'host' }],
    ['frp', { frp_address: 'host' }],
    ['cloudflared', {}],
    ['ngrok', {}],
    ['tailscale', {}],
    ['command', { share_command: 'no-such-program' }],
  ] as const)('says how to get the program of %s when it is missing', async (id, settings) => {
    const home = makeHome();
    const error = await PROVIDERS[id].open(request(home, settings).request).catch((e) => e);
    expect(error).toMatchObject({
      code: 'RUNTIME_MISSING',
      hint: expect.stringMatching(/[Ii]nstall/),
    });
  });
});

describe('ssh', () => {
  it('asks for a free port and takes the one that was allocated', async () => {
    const home = makeHome();
    fake(
      home,
      'ssh',
      "console.error('Allocated port 41234 for remote forward to 127.0.0.1:6276');",
    );
    const { tunnel } = await open(home, 'ssh', { ssh_address: 'me@tunnel.test:2222' });
    expect(tunnel.url).toBe('http://tunnel.test:41234');
    const [call] = calls(home);
    expect(call?.args.join(' ')).toMatch(/-p 2222 .*-R 0:127\.0\.0\.1:6276 -- me@tunnel\.test$/);
    expect(call?.args).toContain('ExitOnForwardFailure=yes');
  });

  it('knows a port it asked for, and the name that a reverse proxy gives it', async () => {
    const home = makeHome();
    fake(
      home,
      'ssh',
      "console.error('debug1: remote forward success for: listen 8080, connect 127.0.0.1:6276');",
    );
    const settings = {
      ssh_address: 'tunnel.test',
      ssh_remote: '8080',
      ssh_url: 'https://mcp.tunnel.test/',
    };
    expect((await open(home, 'ssh', settings)).tunnel.url).toBe('https://mcp.tunnel.test');
  });

  it.each(['-oProxyCommand=evil', 'a b', 'user@-x', ''])(
    'takes no %j for a host',
    async (address) => {
      const home = makeHome();
      fake(home, 'ssh', '');
      await expect(
        PROVIDERS.ssh.open(request(home, {}, { address }).request),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});

describe('the other programs', () => {
  it.each([
    [
      'cloudflared',
      {},
      "console.error('INF |  https://loud-words-here.trycloudflare.com  |')",
      'https://loud-words-here.trycloudflare.com',
    ],
    [
      'cloudflared',
      { cloudflared_token: 't', cloudflared_url: 'https://mcp.test' },
      "console.error('INF Registered tunnel connection connIndex=0')",
      'https://mcp.test',
    ],
    [
      'ngrok',
      {},
      `say('t=1 lvl=info msg="started tunnel" obj=tunnels name=x addr=http://127.0.0.1:6276 url=https://a1.ngrok-free.app')`,
      'https://a1.ngrok-free.app',
    ],
    [
      'tailscale',
      {},
      "say('https://me.tail1.ts.net/'); say('|-- proxy http://127.0.0.1:6276')",
      'https://me.tail1.ts.net',
    ],
  ] as const)('%s: reads its URL', async (id, settings, body, url) => {
    const home = makeHome();
    fake(home, id, body);
    const { tunnel } = await open(home, id, settings);
    expect(tunnel.url).toBe(url);
    expect(JSON.stringify(calls(home)[0]?.args)).toContain('127.0.0.1:6276');
  });

  it('command: fills in the port, quotes kept, and finds the URL by the pattern', async () => {
    const home = makeHome();
    fake(home, 'mytunnel', "say('see https://docs.test'); say('open: https://x.my.test/ ok')");
    const settings = {
      share_command: 'mytunnel --to "127.0.0.1 {port}" --as {subdomain}',
      share_command_url: 'open: (\\S+)',
    };
    const { tunnel } = await open(home, 'command', settings, { subdomain: 'demo' });
    expect(tunnel.url).toBe('https://x.my.test');
    expect(calls(home)[0]?.args).toEqual(['--to', '127.0.0.1 6276', '--as', 'demo']);
  });

  it('quotes what the program said when it opens nothing', async () => {
    const home = makeHome();
    fake(home, 'ngrok', "say('ERROR: authentication failed'); process.exit(3);");
    await expect(open(home, 'ngrok')).rejects.toMatchObject({
      code: 'TUNNEL',
      message: expect.stringContaining('(3)'),
      hint: expect.stringContaining('authentication failed'),
    });
  });

  it('starts a program that ended again, and tells', async () => {
    const home = makeHome();
    fake(
      home,
      'tailscale',
      "say('https://me.tail1.ts.net/'); if (fs.readFileSync(note, 'utf8').trim().split('\\n').length === 1) setTimeout(() => process.exit(1), 20);",
    );
    const { events, tunnel } = await open(home, 'tailscale');
    await until(() => events.length === 2);
    expect(events).toEqual([
      { type: 'disconnected', reason: 'tailscale ended (1)' },
      { type: 'reconnected', url: tunnel.url },
    ]);
  });

  it('ends a program that will not end', async () => {
    const home = makeHome();
    fake(
      home,
      'tailscale',
      "process.on('SIGTERM', () => {}); fs.writeFileSync(note + '.pid', String(process.pid)); say('https://me.tail1.ts.net/');",
    );
    const { tunnel } = await open(home, 'tailscale');
    const pid = Number(home.read('calls.pid'));
    const before = Date.now();
    await tunnel.close();
    expect(Date.now() - before).toBeLessThan(1_900);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});

describe('local', () => {
  it('is the address on this machine', async () => {
    const home = makeHome();
    expect((await open(home, 'local', {}, { tls: true })).tunnel.url).toBe(
      'https://127.0.0.1:6276',
    );
  });
});
