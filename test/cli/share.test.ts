import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/cli/duration.ts';
import { issueToken } from '../../src/share/protection/token-store.ts';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

const target = { kind: 'server', name: 'time' } as const;
const SERVERS = JSON.stringify({
  time: { name: 'time', profile_tags: ['work'], command: 'true', args: [], env: {} },
});

describe('share ls, revoke, rotate', () => {
  it('list the tokens, replace and end them, showing a text once', async () => {
    const home = makeHome();
    const { token, secret } = await issueToken(home.ctx, {
      name: 'laptop',
      target,
      readOnly: true,
    });
    const listed = await runCli(home, 'share ls');
    expect(listed.stdout).toMatch(
      new RegExp(`${token.id}\\s+laptop\\s+time\\s+active\\s+–\\s+read-only`),
    );
    expect(listed.stdout).not.toContain(secret);
    const rotated = await runCli(home, 'share rotate laptop --json');
    expect(rotated.json()).toMatchObject({
      name: 'laptop',
      value: expect.stringMatching(/^mcpms_/),
    });
    const revoked = await runCli(home, 'share revoke laptop');
    expect(revoked.stdout).toContain('Revoked laptop');
    expect((await runCli(home, 'share ls')).stdout).toContain('No tokens');
    expect(
      (await runCli(home, 'share ls --all --json')).json<{ tokens: unknown[] }>().tokens,
    ).toHaveLength(2);
    expect((await runCli(home, 'share revoke laptop')).exitCode).toBe(10);
  });
});

describe('share', () => {
  it.each([
    ['share time --no-auth --local-only', /Nobody is there to answer/],
    ['share time --no-auth --token-name x', /cannot be used with --token-name/],
    ['share time --local-only --provider ssh', /cannot be used together/],
    ['share time --tls-cert x', /belong together/],
    ['share time --local-only --expires soon', /not a length of time/],
    ['share time', /No tunnel is configured/],
    ['share', /Missing a server name/],
    ['profile share work --servers nope --local-only', /Not among the servers: nope/],
    ['share nope', /nope/],
    ['share time --provider pigeon', /no tunnel provider/],
    ['share time --provider tailscale --subdomain x', /takes no --subdomain/],
    ['share time --local-only --address x:1', /takes no --address/],
    ['share time --provider ssh --http', /takes no --http/],
  ])('%s: says what is wrong and starts nothing', async (line, message) => {
    const home = makeHome();
    home.write('.config/mcpm/servers.json', SERVERS);
    const { exitCode, stderr } = await runCli(home, line);
    expect(stderr).toMatch(message);
    expect(exitCode).toBeGreaterThan(1);
  });

  it('without a token is not started by someone who says no', async () => {
    const home = makeHome();
    home.write('.config/mcpm/servers.json', SERVERS);
    const { exitCode, stderr } = await runCli(home, 'share time --no-auth --local-only', {
      answers: [false],
    });
    expect(stderr).toContain('Cancelled');
    expect(exitCode).toBe(13);
  });
});

describe('relay token', () => {
  it('adds an entry and shows its text once', async () => {
    const home = makeHome();
    const made = await runCli(home, 'relay token alice --names demo,alice-* --tunnels 3 --json');
    const { token, file } = made.json<{ token: string; file: string }>();
    const kept = home.read(file.slice(home.dir.length));
    expect(kept).not.toContain(token);
    expect(JSON.parse(kept).tokens).toMatchObject([
      { name: 'alice', names: ['demo', 'alice-*'], tunnels: 3 },
    ]);
    expect((await runCli(home, 'relay token alice')).exitCode).toBe(11);
  });

  it('and relay say what is wrong with their flags', async () => {
    const home = makeHome();
    const both = await runCli(home, 'relay --domain a.test --public-url https://b.test');
    expect(both.stderr).toContain('cannot be used together');
    const plain = await runCli(home, 'relay --public-url http://b.test');
    expect(plain.stderr).toContain('is not https://HOST');
    for (const domain of ['https://a.test', '*.a.test', 'a.test:443'])
      expect((await runCli(home, `relay --domain ${domain}`)).stderr).toContain('is not a domain');
    const token = await runCli(home, 'relay token bob --names Team,a.b');
    expect(token.stderr).toContain('No tunnel can be called "Team"');
  });
});

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '2', 'h', '2 h', '-1h', '0s', '1.5h'])('refuses %j', (text) =>
    expect(() => parseDuration(text)).toThrow(/length of time/),
  );
});
