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
    "odd": { "type": "owned" },
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
    expect(servers.odd).toMatchObject({ config: { type: 'owned' } });
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
    expect(after).toContain('"odd": { "type": "owned" }');
    expect(after).not.toMatch(/ghp_|abcdef123456/);
    expect(JSON.parse(after.replace(/\/\/ \w+/g, '')).mcpServers).toEqual({
      stream: { url: 'https://example.com/sse' },
      odd: { type: 'owned' },
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
    const env = { A: '${env:HOME}', B: '${input:key}', C: 'Bearer {env:D}', E: '$F', G: 'a$B' };
    const args = ['${workspaceFolder}/x', '{file:./k}'];
    const { home } = setUp({
      [CURSOR]: JSON.stringify({ mcpServers: { x: { command: 'x', args, env } } }),
    });
    const { stdout } = await runCli(home, 'client import cursor');
    expect(stdout).toContain(
      '${input:key}, $F, ${workspaceFolder}, {file:./k} means something to the client alone',
    );
    expect(serversOf(home).x.env).toEqual({
      ...env,
      A: '${HOME}',
      C: 'Bearer ${D}',
    });
  });

  it('imports a client’s own extension once, whatever else it takes over meanwhile', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    await runCli(home, 'client import cursor');
    const { stdout } = await runCli(home, 'client import cursor --json');
    expect(JSON.parse(stdout).added).toEqual([]);
    const again = await runCli(home, 'client import cursor --move-secrets');
    expect(again.stdout).toContain('Imported nothing new.');
    expect(again.stdout).not.toContain('note:');
  });

  it('takes headers over that a client fills from variables, and leaves no field that breaks the client', async () => {
    const codex =
      '[mcp_servers.figma]\nurl = "https://f.example/mcp"\nbearer_token_env_var = "FIGMA"\nstartup_timeout_sec = 9\n\n[mcp_servers.figma.env_http_headers]\nX-Team = "TEAM"\n';
    const vibe =
      '[[mcp_servers]]\nname = "v"\ntransport = "http"\nurl = "https://v.example/mcp"\n\n[mcp_servers.auth]\ntype = "static"\napi_key_env = "KEY"\napi_key_header = "X-Key"\napi_key_format = "{token}"\n';
    const { home } = setUp({ '.codex/config.toml': codex, '.vibe/config.toml': vibe });
    const { stdout } = await runCli(home, 'client import codex-cli --replace');
    expect(stdout).toContain('figma takes FIGMA, TEAM from the environment');
    expect(home.read('.codex/config.toml')).toBe(
      `[mcp_servers.mcpm_figma]\nstartup_timeout_sec = 9\ncommand = "${home.ctx.paths.launcher}"\nargs = ["run", "figma"]\n`,
    );
    await runCli(home, 'client import mistral-vibe --replace');
    const { figma, v } = serversOf(home);
    expect(figma.headers).toEqual({ Authorization: 'Bearer ${FIGMA}', 'X-Team': '${TEAM}' });
    expect(v.headers).toEqual({ 'X-Key': '${KEY}' });
    expect(home.read('.vibe/config.toml')).not.toContain('auth');
    expect(home.read('.vibe/config.toml')).toContain('name = "mcpm_v"');
  });

  it('moves a secret out of an address, and knows the server again', async () => {
    const url = 'https://m.example/mcp?x=1&api_key=s3cret-s3cret&y=${env:Y}';
    const { home } = setUp({ [CURSOR]: JSON.stringify({ mcpServers: { m: { url } } }) });
    const { stdout } = await runCli(home, 'client import cursor --move-secrets');
    expect(stdout).toMatch(/m +remote +cursor +\?api_key/);
    expect(serversOf(home).m.url).toBe(
      'https://m.example/mcp?x=1&api_key=${secret:m/api_key}&y=${Y}',
    );
    expect((await runCli(home, 'secret ls')).stdout).toContain('m/api_key');
    const again = (await runCli(home, 'client import cursor --json')).json();
    expect(again).toMatchObject({ added: [], servers: [{ same: 'm' }] });
  });

  it('gives the fields that repeat an entry’s name its new one', async () => {
    const goose =
      'extensions:\n  gh:\n    type: stdio\n    name: gh\n    cmd: gh-mcp\n    args: []\n    enabled: false\n';
    const list = 'mcpServers:\n  - name: Git\n    command: git-mcp\n';
    const { home } = setUp({ '.config/goose/config.yaml': goose, '.continue/config.yaml': list });
    await runCli(home, 'client import goose-cli --replace');
    await runCli(home, 'client import continue --replace');
    expect(home.read('.config/goose/config.yaml')).toMatch(
      /^extensions:\n {2}mcpm_gh:\n {4}type: stdio\n {4}name: mcpm_gh\n[\s\S]* {4}enabled: false\n$/,
    );
    expect(home.read('.continue/config.yaml')).toMatch(/^mcpServers:\n {2}- name: mcpm_Git\n/);
  });

  it('does not replace an entry that was not imported, and says which secrets cannot be moved', async () => {
    const text = JSON.stringify({
      mcpServers: {
        gh: { command: 'gh-mcp', args: ['--api-key', 'k1k1k1k1'] },
        mcpm_gh: { command: 'mine' },
        key: { url: 'https://k.example/mcp?api_key=abc' },
      },
    });
    const { home } = setUp({ [CURSOR]: text });
    const line = 'client import cursor --servers gh,key --replace';
    const refused = await runCli(home, line);
    expect(refused.exitCode).toBe(11);
    expect(refused.stderr).toContain('mcpm_gh');
    expect(home.read(CURSOR)).toBe(text);
    expect(serversOf(home)).not.toHaveProperty('gh');
    const { stdout } = await runCli(home, 'client import cursor --servers gh,key --dry-run --json');
    expect(JSON.parse(stdout).servers).toMatchObject([
      { notes: [expect.stringContaining('arguments')] },
      { notes: [] },
    ]);
  });

  it('changes nothing with --dry-run, and refuses what is not there', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const before = home.read('.config/mcpm/servers.json');
    const { stdout } = await runCli(
      home,
      'client import cursor --replace --move-secrets --dry-run',
    );
    expect(stdout).toMatch(/^\+ +"mcpm_Git-Hub": \{$/m);
    expect(stdout).toMatch(/^- +"env": \{ "GITHUB_TOKEN": "••••••"/m);
    expect(stdout).not.toMatch(/ghp_|abcdef123456/);
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
