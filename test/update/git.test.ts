import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';

const SOURCES = '.config/mcpm/sources.json';

/** git, as someone who has never configured it. */
function git(dir: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', dir, ...identity, ...args], {
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

function commit(dir: string, file: string, text: string): string {
  writeFileSync(join(dir, file), text);
  git(dir, 'add', file);
  git(dir, 'commit', '--quiet', '-m', `write ${file}`);
  return git(dir, 'rev-parse', 'HEAD');
}

/** A server that runs from a clone of a repository on this machine. */
function machine(source: Record<string, string> = {}) {
  const identity = { name: 'Test', email: 'test@example.com' };
  const home = makeHome({
    env: {
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: identity.name,
      GIT_AUTHOR_EMAIL: identity.email,
      GIT_COMMITTER_NAME: identity.name,
      GIT_COMMITTER_EMAIL: identity.email,
    },
  });
  const origin = join(home.dir, 'origin');
  const clone = join(home.dir, 'clone');
  execFileSync('git', ['init', '--quiet', '-b', 'main', origin]);
  const first = commit(origin, 'server.mjs', '1');
  git(origin, 'tag', 'v1');
  execFileSync('git', ['clone', '--quiet', origin, clone]);
  const server = {
    name: 's',
    profile_tags: [],
    command: 'node',
    args: [join(clone, 'server.mjs')],
    env: {},
  };
  home.write('.config/mcpm/servers.json', JSON.stringify({ s: server }));
  home.write(
    SOURCES,
    JSON.stringify({ s: { type: 'git', path: clone, branch: 'main', ...source } }),
  );
  return { home, origin, clone, first, head: () => git(clone, 'rev-parse', 'HEAD') };
}

const sources = (home: TestHome) => JSON.parse(home.read(SOURCES));

describe('a server in a git checkout', () => {
  it('is current, then outdated, then fast-forwarded', async () => {
    const { home, origin, first, head } = machine();
    expect((await runCli(home, 'outdated')).exitCode).toBe(0);
    const second = commit(origin, 'server.mjs', '2');
    const checked = await runCli(home, 'outdated --json');
    expect(checked.exitCode).toBe(14);
    expect(checked.json()).toMatchObject({
      servers: [
        {
          kind: 'git',
          state: 'outdated',
          current: first.slice(0, 10),
          latest: second.slice(0, 10),
        },
      ],
    });
    expect(head()).toBe(first);
    expect((await runCli(home, 'update')).stdout).toMatch(/updated/);
    expect(head()).toBe(second);
    expect(JSON.parse(home.read('.config/mcpm/resolved.json')).s).toMatchObject({
      ecosystem: 'git',
      integrity: second,
      previous: [{ integrity: first }],
    });
    expect(sources(home).s).toMatchObject({
      branch: 'main',
      last_checked: '2026-01-02T03:04:05.000Z',
      last_updated: '2026-01-02T03:04:05.000Z',
    });
  });

  it('runs the post-update command, after showing it', async () => {
    const { home, origin, clone } = machine({
      post_update: `${process.execPath} -e "require('fs').writeFileSync('built', process.cwd())" && git status`,
    });
    commit(origin, 'server.mjs', '2');
    expect((await runCli(home, 'outdated')).stdout).toContain('then: ');
    const result = await runCli(home, 'update s');
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toContain(`${clone}: git status`);
    expect(home.read('clone/built')).toBe(clone);
  });

  it.each([
    ['fails', 'node -e "process.exit(7)"', 60],
    ['needs a shell', 'make > log', 12],
  ])('stays where it was when the post-update command %s', async (_, post_update, exitCode) => {
    const { home, origin, first, head } = machine({ post_update });
    commit(origin, 'server.mjs', '2');
    const before = home.read(SOURCES);
    expect((await runCli(home, 'update s')).exitCode).toBe(exitCode);
    expect(head()).toBe(first);
    expect(home.read(SOURCES)).toBe(before);
  });

  it.each([
    [
      'has changes that are not committed',
      (clone: string) => writeFileSync(join(clone, 'server.mjs'), 'mine'),
    ],
    ['is not on a branch', (clone: string) => git(clone, 'checkout', '--quiet', '--detach')],
    [
      'is on the branch other, not main',
      (clone: string) => git(clone, 'checkout', '--quiet', '-b', 'other'),
    ],
    [
      'follows no remote: there is no origin',
      (clone: string) => git(clone, 'remote', 'remove', 'origin'),
    ],
  ])('is left alone when it %s', async (reason, spoil) => {
    const { home, origin, clone, first, head } = machine();
    commit(origin, 'server.mjs', '2');
    spoil(clone);
    const result = await runCli(home, 'update --json');
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ servers: [{ state: 'skipped', reason }] });
    expect(head()).toBe(first);
  });

  it('with commits of its own moves only by --rebase', async () => {
    const { home, origin, clone, head } = machine();
    commit(origin, 'server.mjs', '2');
    const mine = commit(clone, 'mine.txt', 'x');
    const refused = await runCli(home, 'update s');
    expect(refused.exitCode).toBe(11);
    expect(refused.stderr).toContain('mcpm update --rebase');
    expect(head()).toBe(mine);
    expect((await runCli(home, 'update s --rebase')).exitCode).toBe(0);
    expect(home.read('clone/server.mjs') + home.read('clone/mine.txt')).toBe('2x');
    const conflicting = commit(clone, 'server.mjs', 'mine');
    commit(origin, 'server.mjs', '3');
    expect((await runCli(home, 'update s --rebase')).exitCode).toBe(11);
    expect(head()).toBe(conflicting);
    expect((await runCli(home, 'update s --to v1')).exitCode).toBe(11);
    expect(head()).toBe(conflicting);
  });

  it('goes back to the commit before, to a tag, and forward again', async () => {
    const { home, origin, first, head } = machine();
    commit(origin, 'server.mjs', '2');
    await runCli(home, 'update');
    const third = commit(origin, 'server.mjs', '3');
    await runCli(home, 'update');
    expect(head()).toBe(third);
    execFileSync('mv', [origin, join(home.dir, 'unreachable')]);
    await runCli(home, 'update s --to v1');
    expect(head()).toBe(first);
    await runCli(home, 'update s --to previous');
    expect(head()).toBe(third);
    expect((await runCli(home, 'update s --to no-such-tag')).exitCode).toBe(10);
    expect((await runCli(home, ['update', 's', '--to', '--hard'])).exitCode).not.toBe(0);
    expect(head()).toBe(third);
  });

  it.each([
    ['the repository cannot be reached', 'origin', 'git ls-remote failed'],
    ['the checkout is gone', 'clone', 'is gone'],
  ])('is reported when %s', async (_, folder, message) => {
    const { home } = machine();
    execFileSync('mv', [join(home.dir, folder), join(home.dir, 'elsewhere')]);
    const result = await runCli(home, 'outdated --json');
    expect(result.exitCode).toBe(60);
    expect(result.json<{ servers: { reason: string }[] }>().servers[0]?.reason).toContain(message);
  });
});

it('a server installed from a repository is updated where it was cloned', async () => {
  const { home, origin } = machine();
  commit(origin, 'package.json', '{"name": "acme", "version": "1.0.0", "bin": "server.mjs"}');
  const installed = await runCli(home, `install git+file://${origin} --alias acme`);
  expect(installed.exitCode, installed.stderr).toBe(0);
  expect((await runCli(home, 'outdated acme')).exitCode).toBe(0);
  commit(origin, 'server.mjs', '2');
  expect((await runCli(home, 'outdated acme')).exitCode).toBe(14);
  const updated = await runCli(home, 'update acme');
  expect(updated.exitCode, updated.stderr).toBe(0);
  expect(home.read('.mcpm/servers/acme/checkout/server.mjs')).toBe('2');
});

it('says what git says when the remote is gone', async () => {
  const { home, origin } = machine();
  rmSync(origin, { recursive: true });
  const { servers } = (await runCli(home, 'outdated --json')).json() as {
    servers: { state: string; reason: string }[];
  };
  expect(servers[0]).toMatchObject({ state: 'failed' });
  expect(servers[0]?.reason).toMatch(/git ls-remote failed in .*: fatal: .*origin/);
});

describe('mcpm update --init', () => {
  it('keeps what a person added to an entry, and looks again for what is unknown', async () => {
    const { home, clone } = machine({ post_update: 'make', note: 'mine' });
    home.write('clone/package.json', '{}');
    await runCli(home, 'update --init --force');
    expect(sources(home).s).toMatchObject({ type: 'git', post_update: 'make', note: 'mine' });
    home.write(SOURCES, JSON.stringify({ s: { type: 'unknown', reason: 'installed as custom' } }));
    await runCli(home, 'update --init');
    expect(sources(home).s).toMatchObject({ type: 'git', path: clone, post_update: 'npm install' });
  });

  it('takes no home folder under version control for a checkout', async () => {
    const { home } = machine();
    git(home.dir, 'init', '--quiet');
    const args = [home.write('tools/server.mjs', '')];
    const one = { name: 'one', profile_tags: [], command: 'node', args, env: {} };
    home.write('.config/mcpm/servers.json', JSON.stringify({ one }));
    await runCli(home, 'update --init');
    expect(sources(home).one).toMatchObject({ type: 'unknown' });
  });

  it('finds the sources of servers that have none, and keeps those that are recorded', async () => {
    const { home, clone, origin } = machine({ post_update: 'make' });
    home.write('clone/package.json', '{"scripts": {"build": "tsc"}}');
    home.write('clone/package-lock.json', '{}');
    const stdio = (line: string) => {
      const [command, ...args] = line.split(' ');
      return { profile_tags: [], command, args, env: {} };
    };
    const servers = {
      s: { name: 's', ...stdio('true') },
      npm: { name: 'npm', ...stdio('npx -y acme-mcp@1.0.0') },
      python: { name: 'python', ...stdio('uvx acme-py') },
      checkout: { name: 'checkout', ...stdio(`node ${clone}/server.mjs`) },
      remote: { name: 'remote', profile_tags: [], url: 'https://example.com/mcp', headers: {} },
      image: { name: 'image', ...stdio('docker run acme/files') },
      plain: { name: 'plain', ...stdio('my-server --port 1') },
    };
    home.write('.config/mcpm/servers.json', JSON.stringify(servers));
    const { stdout } = await runCli(home, 'update --init');
    expect(stdout).toMatch(/^npm\s+npx\s+acme-mcp$/m);
    expect(sources(home)).toEqual({
      s: { type: 'git', path: clone, branch: 'main', post_update: 'make' },
      npm: { type: 'npx', package: 'acme-mcp' },
      python: { type: 'uvx', package: 'acme-py' },
      checkout: {
        type: 'git',
        path: clone,
        remote_url: origin,
        branch: 'main',
        post_update: 'npm ci && npm run build',
      },
      remote: { type: 'remote' },
      image: { type: 'unknown', reason: 'a package of oci' },
      plain: { type: 'unknown', reason: 'its command names no package and no checkout' },
    });
    expect((await runCli(home, 'update --init')).stdout).toContain('Every server has a source');
    await runCli(home, 'update --init s --force');
    expect(sources(home).s).toMatchObject({ type: 'unknown' });
  });
});
