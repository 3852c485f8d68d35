import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

const FILE = '.config/mcpm/config.json';

describe('mcpm config', () => {
  it('sets by arguments, by flags and by questions, and keeps unknown keys', async () => {
    const home = makeHome();
    home.write(FILE, '{"mine": {"a": 1}}');
    await runCli(home, 'config set node_executable bunx');
    await runCli(home, 'config set --key clients.cursor.path --value /x/mcp.json --json');
    expect(JSON.parse(home.read(FILE))).toEqual({
      mine: { a: 1 },
      node_executable: 'bunx',
      'clients.cursor.path': '/x/mcp.json',
    });
    await runCli(home, 'config set', { answers: ['node_executable', 'npx'] });
    expect(JSON.parse(home.read(FILE)).node_executable).toBe('npx');
    expect((await runCli(home, 'config set node_executable')).exitCode).toBe(2);
  });

  it('refuses values a setting does not take and unknown settings, with a suggestion', async () => {
    const home = makeHome();
    expect((await runCli(home, 'config set node_executable deno')).exitCode).toBe(12);
    const unknown = await runCli(home, 'config set node_executabel npx');
    expect(unknown.exitCode).toBe(10);
    expect(unknown.stderr).toContain('node_executable');
    expect((await runCli(home, 'config set my.own 1 --force')).exitCode).toBe(0);
  });

  it.each([
    ['engine.keepAliveMs', '0', 'from 1000 to 2147483647'],
    ['engine.parkedMs', '2147483648', 'from 0 to 2147483647'],
    ['engine.maxSessions', '0', 'of at least 1'],
    ['engine.maxDepth', 'deep', 'of at least 1'],
  ])('refuses %s = %s, which would not do what it says', async (key, value, range) => {
    const { exitCode, stderr } = await runCli(makeHome(), `config set ${key} ${value}`);
    expect(exitCode).toBe(12);
    expect(stderr).toContain(`${key} takes a whole number ${range}, not "${value}"`);
  });

  it('lists what is set and what can be, and unsets', async () => {
    const home = makeHome();
    await runCli(home, 'config set node_executable bunx');
    expect((await runCli(home, 'config ls')).stdout).toMatch(/node_executable\s+"bunx"/);
    expect((await runCli(home, 'config ls --json')).json()).toMatchObject({
      set: [{ key: 'node_executable', value: 'bunx' }],
    });
    expect((await runCli(home, 'config unset node_executable')).exitCode).toBe(0);
    expect((await runCli(home, 'config unset node_executable')).exitCode).toBe(10);
    expect(JSON.parse(home.read(FILE))).toEqual({});
  });

  it('takes a client’s path in any spelling of its key, as a path that holds in every folder', async () => {
    const home = makeHome();
    home.write(FILE, '{"clients.CLAUDE_DESKTOP.path": "/old.json"}');
    const set = await runCli(home, 'config set clients.Claude-Desktop.path new.json --json');
    const path = `${home.ctx.cwd}/new.json`;
    expect(set.json()).toEqual({ key: 'clients.claude-desktop.path', value: path });
    expect(JSON.parse(home.read(FILE))).toEqual({ 'clients.claude-desktop.path': path });
    await runCli(home, 'config set clients.claude-desktop.path ~/x.json');
    expect(home.read(FILE)).toContain('"~/x.json"');
    await runCli(home, 'config unset clients.CLAUDE_DESKTOP.path');
    expect(JSON.parse(home.read(FILE))).toEqual({});
  });

  it('refuses the path of a client there is not, and an empty one', async () => {
    const home = makeHome();
    const unknown = await runCli(home, 'config set clients.CURSRO.path /x.json');
    expect(unknown).toMatchObject({ exitCode: 10, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean cursor?');
    const empty = await runCli(home, 'config set clients.CURSOR.path=');
    expect(empty.exitCode).not.toBe(0);
    const blank = await runCli(home, ['config', 'set', 'clients.CURSOR.path', '']);
    expect(blank.exitCode).toBe(12);
    expect(blank.stderr).toContain('mcpm config unset clients.cursor.path');
  });

  it('stores a credential and does not repeat it', async () => {
    const home = makeHome();
    for (const line of ['config set relay_token s3cret', 'config set frp_token s3cret --json']) {
      const { stdout, stderr } = await runCli(home, line);
      expect(stdout).toContain('_token');
      expect(stdout + stderr).not.toContain('s3cret');
    }
    expect(JSON.parse(home.read(FILE))).toEqual({ relay_token: 's3cret', frp_token: 's3cret' });
  });

  it('shows no password in the address of a registry', async () => {
    const home = makeHome();
    home.write(
      FILE,
      JSON.stringify({ registries: ['catalogue', 'team=https://me:s3cret@acme.test'] }),
    );
    for (const line of ['config ls', 'config ls --json']) {
      const { stdout } = await runCli(home, line);
      expect(stdout).toContain('acme.test');
      expect(stdout).not.toContain('s3cret');
    }
  });

  it('clears the cache alone', async () => {
    const home = makeHome();
    home.write('.mcpm/cache/x.json', '{}');
    home.write('.mcpm/usage/x', '');
    await runCli(home, 'config clear-cache --dry-run');
    expect(existsSync(home.ctx.paths.cacheDir)).toBe(true);
    await runCli(home, 'config clear-cache');
    expect(existsSync(home.ctx.paths.cacheDir)).toBe(false);
    expect(existsSync(home.ctx.paths.usageDir)).toBe(true);
  });
});
