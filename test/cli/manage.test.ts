import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';

const FILE = '.config/mcpm/servers.json';

function stored(home: TestHome) {
  return JSON.parse(home.read(FILE));
}

describe('mcpm new', () => {
  it('adds a program from flags alone', async () => {
    const home = makeHome();
    const { exitCode, stdout } = await runCli(home, [
      'new',
      'fs',
      '--command',
      'npx',
      '--args',
      '-y "@modelcontextprotocol/server-filesystem" "/a b"',
      '--env',
      'A=1,B=x=y,z',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('mcpm run fs');
    expect(stored(home).fs).toEqual({
      name: 'fs',
      profile_tags: [],
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-filesystem', '/a b'],
      env: { A: '1', B: 'x=y,z' },
    });
  });

  it('adds a remote server, its URL and headers, and masks the token it shows', async () => {
    const home = makeHome();
    const result = await runCli(home, [
      'new',
      'docs',
      '--url',
      'https://example.com/mcp',
      '--headers',
      'Authorization=Bearer abcdef99',
      '--json',
    ]);
    expect(result.json()).toMatchObject({
      server: { type: 'remote', url: 'https://example.com/mcp' },
    });
    expect(result.stdout).not.toContain('abcdef99');
    expect(stored(home).docs.headers).toEqual({ Authorization: 'Bearer abcdef99' });
  });

  it('asks for what is missing', async () => {
    const home = makeHome();
    await runCli(home, 'new', {
      answers: ['mine', 'A program on this machine', 'node "my server.js" --fast', 'A=1,B=2'],
    });
    expect(stored(home).mine).toMatchObject({
      command: 'node',
      args: ['my server.js', '--fast'],
      env: { A: '1', B: '2' },
    });
    await runCli(home, 'new', { answers: ['far', 'A URL', 'http://localhost:1/mcp', 'X-A=b'] });
    expect(stored(home).far).toMatchObject({
      url: 'http://localhost:1/mcp',
      headers: { 'X-A': 'b' },
    });
  });

  it.each([
    ['an empty name', ['new', '', '--command', 'x'], 12, /empty/],
    ['a slash', ['new', 'a/b', '--command', 'x'], 12, /contains "\/"/],
    ['a space', ['new', 'a b', '--command', 'x'], 12, /contains " "/],
    ['two dots', ['new', 'a..b', '--command', 'x'], 12, /contains "\.\."/],
    ['a control character', ['new', 'a\u0007b', '--command', 'x'], 12, /contains "\\u0007"/],
    ['200 characters', ['new', 'a'.repeat(200), '--command', 'x'], 12, /200 characters/],
    ['no command without a terminal', ['new', 'a'], 2, /--command or --url/],
    ['a program with a URL', ['new', 'a', '--command', 'x', '--url', 'http://a.b'], 2, /together/],
    ['headers of a program', ['new', 'a', '--command', 'x', '--headers', 'A=b'], 2, /together/],
    ['a remote program', ['new', 'a', '--type', 'remote', '--command', 'x'], 2, /together/],
    ['an open quote', ['new', 'a', '--command', 'x', '--args', '"b'], 2, /Unclosed quote/],
    ['a URL that is none', ['new', 'a', '--url', 'ftp://x'], 12, /not the URL/],
    [
      'an environment without a value',
      ['new', 'a', '--command', 'x', '--env', 'A'],
      2,
      /KEY=VALUE/,
    ],
  ])('refuses %s in words and as JSON, and writes nothing', async (_, words, code, message) => {
    const home = makeHome();
    const human = await runCli(home, words);
    expect(human).toMatchObject({ exitCode: code, stdout: '' });
    expect(human.stderr).toMatch(message);
    const json = await runCli(home, [...words, '--json']);
    expect(json.exitCode).toBe(code);
    expect(json.json<{ error: { message: string } }>().error.message).toBeTruthy();
    expect(() => home.read(FILE)).toThrow();
  });

  it('refuses a name that is taken, and replaces with --force, keeping its profiles', async () => {
    const home = makeHome();
    home.write(
      FILE,
      JSON.stringify({
        a: { name: 'a', profile_tags: ['dev'], command: 'old', args: [], env: {} },
      }),
    );
    expect((await runCli(home, 'new a --command new')).exitCode).toBe(11);
    expect((await runCli(home, 'new a --command new --force')).exitCode).toBe(0);
    expect(stored(home).a).toMatchObject({ command: 'new', profile_tags: ['dev'] });
  });

  it.each([['--args', '--fast'], ['--args=--fast']])(
    'takes arguments that begin with a dash: %j %j',
    async (...words) => {
      const home = makeHome();
      const { exitCode } = await runCli(home, ['new', 'a', '--command', 'x', ...words, '--json']);
      expect([exitCode, stored(home).a.args]).toEqual([0, ['--fast']]);
    },
  );

  it('takes a name that is also a property of every object', async () => {
    const home = makeHome();
    expect((await runCli(home, 'new constructor --command x')).exitCode).toBe(0);
    expect((await runCli(home, 'edit toString --command x')).exitCode).toBe(10);
  });
});

describe('mcpm edit', () => {
  function homeWithServer() {
    const home = makeHome();
    const time = {
      name: 'time',
      profile_tags: ['dev'],
      command: 'uvx',
      args: ['mcp-server-time'],
      env: { A: '1', KEEP: '' },
      extra: { kept: true },
    };
    home.write(
      FILE,
      JSON.stringify({
        time,
        other: {
          name: 'other',
          profile_tags: [],
          url: 'https://a.example/mcp',
          headers: {},
          note: 'mine',
        },
      }),
    );
    return home;
  }

  it('changes what the flags say, merges the environment, and keeps unknown fields', async () => {
    const home = homeWithServer();
    await runCli(home, [
      'edit',
      'time',
      '--args',
      'mcp-server-time --local-timezone UTC',
      '--env',
      'B=2,A=',
    ]);
    expect(stored(home).time).toEqual({
      name: 'time',
      profile_tags: ['dev'],
      command: 'uvx',
      args: ['mcp-server-time', '--local-timezone', 'UTC'],
      env: { KEEP: '', B: '2' },
      extra: { kept: true },
    });
    expect(stored(home).other.note).toBe('mine');
  });

  it('renames in place, and refuses a name that is taken', async () => {
    const home = homeWithServer();
    await runCli(home, 'edit time --name clock');
    expect(Object.keys(stored(home))).toEqual(['clock', 'other']);
    expect(stored(home).clock.name).toBe('clock');
    expect((await runCli(home, 'edit clock --name other')).exitCode).toBe(11);
  });

  it('asks with what is there when no flag says anything', async () => {
    const home = homeWithServer();
    await runCli(home, 'edit', { answers: ['time', 'time', 'uvx', 'mcp-server-time==1', 'C=3'] });
    expect(stored(home).time).toMatchObject({
      args: ['mcp-server-time==1'],
      env: { A: '1', C: '3' },
    });
  });

  it('says how to have a server when there is none to pick', async () => {
    const { exitCode, stderr } = await runCli(makeHome(), 'edit', { answers: [] });
    expect([exitCode, stderr]).toEqual([10, expect.stringContaining('mcpm install NAME')]);
  });

  it('shows with --dry-run and writes nothing', async () => {
    const home = homeWithServer();
    const before = home.read(FILE);
    expect((await runCli(home, 'edit time --command npx --dry-run --json')).json()).toMatchObject({
      server: { command: 'npx' },
    });
    expect(home.read(FILE)).toBe(before);
  });

  it('refuses flags of another kind of server, and a server that is not there, with a suggestion', async () => {
    const home = homeWithServer();
    expect((await runCli(home, 'edit time --url https://x.example')).exitCode).toBe(12);
    const unknown = await runCli(home, 'edit tmie --command x');
    expect(unknown).toMatchObject({ exitCode: 10 });
    expect(unknown.stderr).toContain('Did you mean time?');
    expect((await runCli(home, 'edit time')).exitCode).toBe(2);
  });

  it('opens the editor, then checks the file', async () => {
    const home = homeWithServer();
    const editor = home.write('edit.sh', '#!/bin/sh\nprintf "{\\n oops" > "$2"\n');
    chmodSync(editor, 0o755);
    const { exitCode, stderr } = await runCli(home, 'edit -e', {
      env: { EDITOR: `${editor} --wait` },
    });
    expect(exitCode).toBe(20);
    expect(stderr).toContain('servers.json:2:2');
    expect((await runCli(homeWithServer(), 'edit -e')).exitCode).toBe(2);
  });
});

describe('mcpm uninstall', () => {
  it('asks, removes, and needs --yes where nobody can answer', async () => {
    const home = makeHome();
    await runCli(home, 'new a --command x');
    expect((await runCli(home, 'uninstall a')).exitCode).toBe(2);
    expect((await runCli(home, 'uninstall a', { answers: [false] })).exitCode).toBe(13);
    expect((await runCli(home, 'uninstall a --dry-run --json')).json()).toMatchObject({
      removed: false,
    });
    expect(Object.keys(stored(home))).toEqual(['a']);
    expect((await runCli(home, 'uninstall a', { answers: [true] })).exitCode).toBe(0);
    expect(stored(home)).toEqual({});
    expect((await runCli(home, 'uninstall a -f --json')).json()).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });

  it('takes MCPM_FORCE for a yes', async () => {
    const home = makeHome();
    await runCli(home, 'new a --command x');
    expect((await runCli(home, 'uninstall a', { env: { MCPM_FORCE: 'true' } })).exitCode).toBe(0);
  });
});
