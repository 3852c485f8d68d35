import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { CURSOR, setUp } from '../helpers/clients.ts';

const MINE = `{
  // mine
  "mcpServers": {
    "Git Hub!": {
      "command": "npx",
      "args": ["-y", "gh"],
      "env": { "GITHUB_TOKEN": "ghp_abcdefghijklmnopqrstuvwxyz0123", "LEVEL": "info" },
      "disabled": true,
      "timeout": 60, // slow
      "cwd": "/srv"
    },
    "web": { "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer abcdef123456" } },
    "stream": { "url": "https://example.com/sse" },
    "odd": { "type": "builtin" },
    "mcpm_time": { "command": "mcpm", "args": ["run", "time"] }
  }
}
`;
const WINDSURF = '.codeium/windsurf/mcp_config.json';
const serversOf = (home: { read(path: string): string }) =>
  JSON.parse(home.read('.config/mcpm/servers.json'));

describe('mcpm client import', () => {
  it('takes over programs, URLs and extensions, and leaves the client alone', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const { exitCode, stdout } = await runCli(home, 'client import cursor');
    expect(exitCode).toBe(0);
    expect(home.read(CURSOR)).toBe(MINE);
    expect(stdout).toContain('--move-secrets');
    expect(stdout).not.toMatch(/ghp_|abcdef123456/);
    const servers = serversOf(home);
    expect(servers['Git-Hub']).toEqual({
      name: 'Git-Hub',
      profile_tags: [],
      command: 'npx',
      args: ['-y', 'gh'],
      env: { GITHUB_TOKEN: 'ghp_abcdefghijklmnopqrstuvwxyz0123', LEVEL: 'info' },
      cwd: '/srv',
      client_fields: { cursor: { disabled: true, timeout: 60 } },
    });
    expect(servers.web).toMatchObject({ url: 'https://example.com/mcp' });
    expect(servers.stream).toMatchObject({ url: 'https://example.com/sse', transport: 'sse' });
    expect(servers.odd).toMatchObject({ config: { type: 'builtin' } });
    expect(Object.keys(servers)).not.toContain('mcpm_time');
  });

  it('moves secrets, makes a profile and replaces only the imported entries, when asked', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const line = [
      'client',
      'import',
      'cursor',
      '--servers',
      'Git Hub!,web',
      '--move-secrets',
      '--profile',
      'mine',
      '--replace',
      '--json',
    ];
    const result = (await runCli(home, line)).json();
    expect(result).toMatchObject({ added: ['Git-Hub', 'web'], profile: 'mine', secretsIn: 'file' });
    expect(JSON.stringify(result)).not.toMatch(/ghp_|abcdef123456/);
    const servers = serversOf(home);
    expect(servers['Git-Hub'].env).toEqual({
      GITHUB_TOKEN: '${secret:Git-Hub/GITHUB_TOKEN}',
      LEVEL: 'info',
    });
    expect(servers.web.headers).toEqual({ Authorization: '${secret:web/Authorization}' });
    expect(servers.web.profile_tags).toEqual(['mine']);
    const after = home.read(CURSOR);
    expect(after).toContain('"odd": { "type": "builtin" }');
    expect(after).not.toMatch(/ghp_|abcdef123456/);
    expect(JSON.parse(after.replace(/\/\/ \w+/g, '')).mcpServers).toEqual({
      stream: { url: 'https://example.com/sse' },
      odd: { type: 'builtin' },
      mcpm_time: { command: 'mcpm', args: ['run', 'time'] },
      'mcpm_Git-Hub': {
        command: home.ctx.paths.launcher,
        args: ['run', 'Git-Hub'],
        disabled: true,
        timeout: 60,
        cwd: '/srv',
      },
      mcpm_web: { command: home.ctx.paths.launcher, args: ['run', 'web'] },
    });
    await runCli(home, 'client undo cursor');
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it('asks one question at a time in a terminal', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const answers = ['cursor', ['web'], true, true, 'net', false];
    const { exitCode, stdout } = await runCli(home, 'client import', { answers });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('In the profile net');
    expect(serversOf(home).web).toMatchObject({
      profile_tags: ['net'],
      headers: { Authorization: '${secret:web/Authorization}' },
    });
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it('knows what is installed already, and names another server of a taken name apart', async () => {
    const text = JSON.stringify({
      mcpServers: {
        clock: { command: 'uvx', args: ['mcp-server-time'] },
        files: { command: 'npx', args: ['-y', 'other-files'] },
      },
    });
    const { home } = setUp({ [CURSOR]: text });
    const result = (await runCli(home, 'client import cursor --json')).json<{
      servers: unknown[];
    }>();
    expect(result).toMatchObject({
      added: ['files-cursor'],
      servers: [
        { name: 'time', same: 'time' },
        { name: 'files-cursor', same: null },
      ],
    });
    expect(Object.keys(serversOf(home))).not.toContain('clock');
    const forced = (await runCli(home, 'client import cursor --servers files --yes --json')).json();
    expect(forced).toMatchObject({ added: [] });
  });

  it('takes every client with --all, and reports what several have once', async () => {
    const web = { url: 'https://w.example/mcp' };
    const tool = { command: 'tool', args: ['--x'], env: { A: '1' } };
    const { home } = setUp({
      [CURSOR]: JSON.stringify({ mcpServers: { web, tool } }),
      [WINDSURF]: JSON.stringify({
        mcpServers: { www: { serverUrl: web.url }, other: { command: 'o' } },
      }),
      '.codex/config.toml':
        '[mcp_servers.tool]\ncommand = "tool"\nargs = ["--x"]\n\n[mcp_servers.tool.env]\nA = "1"\n',
      '.config/goose/config.yaml': 'extensions:\n  broken: [\n',
    });
    const { exitCode, stdout } = await runCli(home, 'client import --all --replace --json');
    expect(exitCode).toBe(60);
    const result = JSON.parse(stdout);
    expect(result.added.sort()).toEqual(['other', 'tool', 'web']);
    expect(result.duplicates).toEqual([
      {
        name: 'web',
        from: [
          { client: 'cursor', entry: 'web' },
          { client: 'windsurf', entry: 'www' },
        ],
      },
      {
        name: 'tool',
        from: [
          { client: 'cursor', entry: 'tool' },
          { client: 'codex-cli', entry: 'tool' },
        ],
      },
    ]);
    expect(result.unread).toMatchObject([{ client: 'goose-cli' }]);
    expect(JSON.parse(home.read(WINDSURF)).mcpServers).toMatchObject({
      mcpm_web: { args: ['run', 'web'] },
    });
    expect(home.read('.codex/config.toml')).toContain('[mcp_servers.mcpm_tool]');
    const again = await runCli(home, 'client import --all --json');
    expect(again.json()).toMatchObject({ added: [], servers: [] });
  });

  it('reads references as clients write them, and says which only the client can resolve', async () => {
    const env = { A: '${env:HOME}', B: '${input:key}' };
    const { home } = setUp({
      [CURSOR]: JSON.stringify({ mcpServers: { x: { command: 'x', env } } }),
    });
    const { stdout } = await runCli(home, 'client import cursor');
    expect(stdout).toContain('${input:key} means something to the client alone');
    expect(serversOf(home).x.env).toEqual({ A: '${HOME}', B: '${input:key}' });
  });

  it('changes nothing with --dry-run, and refuses what is not there', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const before = home.read('.config/mcpm/servers.json');
    expect(
      (await runCli(home, 'client import cursor --replace --move-secrets --dry-run')).stdout,
    ).toContain('Git-Hub');
    expect(home.read('.config/mcpm/servers.json')).toBe(before);
    expect(home.read(CURSOR)).toBe(MINE);
    const wrong = await runCli(home, 'client import cursor --servers wbe');
    expect(wrong).toMatchObject({
      exitCode: 10,
      stderr: expect.stringContaining('Did you mean web'),
    });
    expect((await runCli(home, 'client import cursor --all')).exitCode).toBe(2);
    expect((await runCli(home, 'client import')).exitCode).toBe(2);
    expect((await runCli(home, 'client import windsurf')).stdout).toContain('nothing to import');
  });
});
