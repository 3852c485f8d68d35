import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

const SERVERS = {
  time: {
    name: 'time',
    profile_tags: ['dev'],
    command: 'uvx',
    args: ['mcp-server-time'],
    env: { API_KEY: 'hunter2' },
  },
  docs: {
    name: 'docs',
    profile_tags: [],
    url: 'https://example.com/mcp',
    headers: { Authorization: 'Bearer abcdef123' },
  },
  builtin: { name: 'builtin', profile_tags: [], config: { type: 'builtin' } },
};

describe('mcpm ls', () => {
  it('shows every kind of server in one table', async () => {
    const home = makeHome();
    home.write('.config/mcpm/servers.json', JSON.stringify(SERVERS));
    const { stdout, exitCode } = await runCli(home, 'ls');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/time\s+stdio\s+dev\s+uvx mcp-server-time/);
    expect(stdout).toMatch(/docs\s+remote\s+–\s+https:\/\/example.com\/mcp/);
    expect(stdout).toMatch(/builtin\s+custom/);
  });

  it('masks secrets in the verbose view and in JSON', async () => {
    const home = makeHome();
    home.write('.config/mcpm/servers.json', JSON.stringify(SERVERS));
    for (const line of ['ls -v', 'list --verbose', '--json ls', 'ls --json']) {
      const { stdout } = await runCli(home, line);
      expect(stdout).toContain('API_KEY');
      expect(stdout).not.toMatch(/hunter2|abcdef123/);
    }
  });

  it('says what to do when there is nothing', async () => {
    expect((await runCli(makeHome(), 'ls')).stdout).toContain('mcpm install');
  });

  it('refuses a file that does not parse with file, line and column, and leaves it', async () => {
    const home = makeHome();
    const path = home.write('.config/mcpm/servers.json', '{\n  "a": {"command": x}\n}');
    const human = await runCli(home, 'ls');
    expect(human.exitCode).toBe(20);
    expect(human.stderr).toContain(`${path}:2:20`);
    const json = await runCli(home, 'ls --json');
    expect(json.json()).toMatchObject({
      error: { code: 'CONFIG_SYNTAX', data: { line: 2, column: 20 } },
    });
    expect(home.read('.config/mcpm/servers.json')).toBe('{\n  "a": {"command": x}\n}');
  });

  it('refuses a file of the wrong shape with the place', async () => {
    const home = makeHome();
    home.write('.config/mcpm/servers.json', '{\n  "a": {"command": "x",\n "args": [1]}\n}');
    const { exitCode, stderr } = await runCli(home, 'ls');
    expect(exitCode).toBe(21);
    expect(stderr).toContain('servers.json:3:11: a.args.0 must be a text');
  });
});

describe('the command line', () => {
  it.each([
    ['lss', 'ls'],
    ['ls --jsn', '--json'],
  ])('suggests the nearest word for %j and exits with 2', async (line, near) => {
    const { exitCode, stderr } = await runCli(makeHome(), line);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(near);
  });

  it('reports a usage error as JSON when asked', async () => {
    const result = await runCli(makeHome(), 'ls --json --nope');
    expect(result.exitCode).toBe(2);
    expect(result.json()).toMatchObject({ error: { code: 'USAGE' } });
  });

  it('prints its version', async () => {
    expect((await runCli(makeHome(), '--version')).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('an error', () => {
  it('names the flag whose value is wrong', async () => {
    const { exitCode, stderr } = await runCli(makeHome(), 'run x --http --port abc');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: --port: "abc" is not a whole number from 0 to 65535');
  });

  it('never sends control characters to the terminal', async () => {
    const home = makeHome();
    for (const words of [
      ['install', 'a\u001b[2Jb'],
      ['search', '--limit', '\u001b[2J'],
      ['client', 'edit', 'cursor', '--file', '/tmp/\u001b[2J/x', '--add-server', 'y'],
      ['run', '\u001b]0;x\u0007'],
    ]) {
      const { stderr } = await runCli(home, words);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });
});
