import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';

const PACKAGE = {
  name: '@acme/tool',
  version: '2.0.0',
  license: 'MIT',
  bin: { tool: 'dist/tool.js' },
};

function stored(home: TestHome) {
  return JSON.parse(home.read('.config/mcpm/servers.json'));
}

function repository(home: TestHome, files: Record<string, string>): string {
  for (const [path, content] of Object.entries(files)) home.write(`repo/${path}`, content);
  const folder = join(home.dir, 'repo');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  git('tag', 'v1');
  return `file://${folder}`;
}

describe('a folder', () => {
  it.each<[what: string, files: Record<string, string>, expected: object]>([
    [
      'a Node project',
      { 'package.json': JSON.stringify(PACKAGE), 'dist/tool.js': '' },
      { command: 'node', args: ['<folder>/dist/tool.js'] },
    ],
    [
      'a Python project',
      {
        'pyproject.toml':
          '[project]\nname = "acme-py"\n\n[project.scripts]\nacme-tool = "acme:main"\n',
      },
      { command: 'uv', args: ['run', '--directory', '<folder>', 'acme-tool'] },
    ],
    [
      'an unpacked bundle',
      {
        'manifest.json': JSON.stringify({
          name: 'b',
          version: '1.0.0',
          description: '',
          server: {
            type: 'node',
            entry_point: 'x.js',
            mcp_config: { command: 'node', args: ['x.js'] },
          },
        }),
        'x.js': '',
      },
      { command: 'node', args: ['<folder>/x.js'] },
    ],
    [
      'a folder with a server.json',
      {
        'server.json': JSON.stringify({
          name: 'io.github.acme/x',
          version: '1',
          description: 'd',
          remotes: [{ type: 'sse', url: 'https://h/sse' }],
        }),
      },
      { url: 'https://h/sse' },
    ],
  ])('is installed in its place: %s', async (_what, files, expected) => {
    const home = makeHome();
    for (const [path, content] of Object.entries(files)) home.write(`srv/${path}`, content);
    const { exitCode, stderr } = await runCli(home, 'install ./srv --alias it');
    expect(exitCode, stderr).toBe(0);
    const folder = join(home.dir, 'srv');
    const wanted = JSON.parse(JSON.stringify(expected).replaceAll('<folder>', folder));
    expect(stored(home).it).toMatchObject(wanted);
  });

  it('says what is left to do before it can start', async () => {
    const home = makeHome();
    const scripts = { build: 'tsc' };
    home.write(
      'srv/package.json',
      JSON.stringify({ ...PACKAGE, scripts, dependencies: { x: '1' } }),
    );
    const { stdout } = await runCli(home, 'install ./srv');
    expect(stdout).toContain(`run in ${join(home.dir, 'srv')}: npm install && npm run build`);
  });

  it('without anything to start is refused', async () => {
    const home = makeHome();
    home.write('srv/readme.txt', '');
    const { exitCode, stderr } = await runCli(home, 'install ./srv');
    expect(exitCode).toBe(12);
    expect(stderr).toContain('says how to start a server');
  });
});

describe('a repository', () => {
  const files = {
    'package.json': JSON.stringify({ ...PACKAGE, scripts: { build: 'node build.js' } }),
    'build.js':
      "const fs = require('node:fs'); fs.mkdirSync('dist'); fs.writeFileSync('dist/tool.js', 'x');",
  };

  it('is cloned into the server’s folder, made ready, and remembered as MCPM v2 does', async () => {
    const home = makeHome();
    const url = repository(home, files);
    const { exitCode, stderr } = await runCli(home, `install git+${url}#main`);
    expect(exitCode, stderr).toBe(0);
    const checkout = join(home.dir, '.mcpm/servers/tool/checkout');
    expect(stored(home).tool).toMatchObject({
      command: 'node',
      args: [join(checkout, 'dist/tool.js')],
    });
    expect(readFileSync(join(checkout, 'dist/tool.js'), 'utf8')).toBe('x');
    expect(JSON.parse(home.read('.config/mcpm/sources.json')).tool).toEqual({
      type: 'git',
      path: checkout,
      remote_url: url,
      branch: 'main',
      post_update: 'npm install && npm run build',
    });
    expect(JSON.parse(home.read('.config/mcpm/resolved.json')).tool).toMatchObject({
      ecosystem: 'git',
      integrity: expect.stringMatching(/^[0-9a-f]{40}$/),
      version: '2.0.0',
    });
  });

  it('whose new build fails leaves the old one as it was', async () => {
    const home = makeHome();
    const url = repository(home, files);
    expect((await runCli(home, `install git+${url}`)).exitCode).toBe(0);
    const before = home.read('.config/mcpm/servers.json');
    const folder = join(home.dir, 'repo');
    home.write('repo/build.js', 'process.exit(3)');
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
    execFileSync('git', [...identity, 'commit', '--quiet', '-am', 'two'], { cwd: folder });
    expect((await runCli(home, `install git+${url} --force`)).exitCode).toBe(50);
    expect(home.read('.mcpm/servers/tool/checkout/dist/tool.js')).toBe('x');
    expect(readdirSync(join(home.dir, '.mcpm/servers/tool'))).toEqual([
      'checkout',
      'metadata.json',
    ]);
    expect(home.read('.config/mcpm/servers.json')).toBe(before);
  });

  it.each([
    ['install --dry-run', 0, undefined],
    ['info', 0, undefined],
    ['install', 13, [false]],
    ['install --set NOPE=1', 2, undefined],
    ['install --alias a/b', 12, undefined],
  ])('that is only looked at is not kept: %s', async (line, status, answers) => {
    const home = makeHome();
    const words = [...line.split(' '), `git+${repository(home, files)}`];
    const done = await runCli(home, words, answers ? { answers } : {});
    expect(done.exitCode, done.stderr).toBe(status);
    expect(readdirSync(join(home.dir, '.mcpm/cache/checkouts'))).toEqual([]);
    expect(existsSync(join(home.dir, '.mcpm/servers'))).toBe(false);
  });

  it('is cloned at a branch that is not the usual one, and follows it', async () => {
    const home = makeHome();
    const url = repository(home, files);
    execFileSync('git', ['branch', 'next'], { cwd: join(home.dir, 'repo') });
    expect((await runCli(home, `install git+${url}#next`)).exitCode).toBe(0);
    const { tool } = JSON.parse(home.read('.config/mcpm/sources.json'));
    expect(tool.branch).toBe('next');
    expect((await runCli(home, 'outdated --json')).json()).toMatchObject({
      servers: [{ kind: 'git', state: 'current' }],
    });
  });

  it('whose build fails leaves nothing', async () => {
    const home = makeHome();
    const url = repository(home, { ...files, 'build.js': 'process.exit(3)' });
    const { exitCode, stderr } = await runCli(home, `install git+${url}#v1`);
    expect(exitCode).toBe(50);
    expect(stderr).toContain('npm run build failed');
    expect(existsSync(join(realpathSync(home.dir), '.mcpm/servers/tool/checkout'))).toBe(false);
    expect(existsSync(join(home.dir, '.config/mcpm/servers.json'))).toBe(false);
  });

  it.each([
    ['git+file:///nowhere/at/all', 30, 'Cannot clone'],
    ['#nope', 10, 'has no branch, tag or commit nope'],
  ])('that cannot be had is refused: %s', async (reference, status, complaint) => {
    const home = makeHome();
    const url = repository(home, files);
    const line = reference.startsWith('#') ? `git+${url}${reference}` : reference;
    const { exitCode, stderr } = await runCli(home, ['install', line]);
    expect(stderr).toContain(complaint);
    expect(exitCode).toBe(status);
  });
});
