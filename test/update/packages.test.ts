import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { serve } from '../helpers/http-server.ts';
import { integrityOf, serveNpm, servePypi } from '../helpers/packages.ts';

const CONFIG = '.config/mcpm';

/** Nothing listens there. */
const NO_REGISTRY = { npm_config_registry: 'http://127.0.0.1:1/' };

interface Stored {
  readonly command: string;
  readonly args: string[];
}

/** A home with servers as their command lines, and registries with newer versions. */
async function machine(servers: Readonly<Record<string, string>>) {
  const npm = await serveNpm({
    'acme-mcp': ['0.9.0', '1.0.0', '1.1.0', '2.0.0-beta.1', '1.2.0'],
    '@acme/files': ['3.0.0'],
  });
  const pypi = await servePypi({ 'acme-py': ['0.1', '0.2', '0.3rc1'] });
  const home = makeHome({
    env: { npm_config_registry: `${npm.url}/`, PIP_INDEX_URL: `${pypi.url}/simple` },
  });
  const entries = Object.entries(servers).map(([name, line]) => {
    const [command, ...args] = line.split(' ');
    return [name, { name, profile_tags: ['p'], command, args, env: { K: 'v' }, mine: true }];
  });
  home.write(`${CONFIG}/servers.json`, JSON.stringify(Object.fromEntries(entries)));
  return { home };
}

const stored = (home: TestHome): Record<string, Stored> =>
  JSON.parse(home.read(`${CONFIG}/servers.json`));
const resolved = (home: TestHome) => JSON.parse(home.read(`${CONFIG}/resolved.json`));

const SERVERS = {
  old: 'npx -y acme-mcp@1.0.0 --flag',
  new: 'npx -y @acme/files@3.0.0 /data',
  ahead: 'npx -y acme-mcp@2.0.0-beta.1',
  floating: 'npx -y acme-mcp',
  ranged: 'npx acme-mcp@^1',
  python: 'uvx --with mcp<2 acme-py==0.1 serve',
  gone: 'npx no-such-package@1.0.0',
  plain: 'node /srv/index.js',
};

describe('mcpm outdated', () => {
  it('compares each server with its registry, and changes nothing', async () => {
    const { home } = await machine(SERVERS);
    const before = home.read(`${CONFIG}/servers.json`);
    const result = await runCli(home, 'outdated --json');
    expect(result.exitCode).toBe(14);
    const { servers, ...counts } = result.json<{ servers: { name: string }[] }>();
    expect(counts).toMatchObject({ pending: 2, failed: 1, updated: 0 });
    const about = (name: string) => servers.find((one) => one.name === name);
    expect(about('old')).toEqual({
      name: 'old',
      kind: 'npm',
      package: 'acme-mcp',
      current: '1.0.0',
      latest: '1.2.0',
      state: 'outdated',
    });
    expect(about('new')).toMatchObject({ state: 'current', latest: '3.0.0' });
    expect(about('ahead')).toMatchObject({ state: 'current', current: '2.0.0-beta.1' });
    expect(about('floating')).toMatchObject({ state: 'floating', latest: '1.2.0' });
    expect(about('ranged')).toMatchObject({ state: 'floating', current: '^1' });
    expect(about('python')).toMatchObject({ state: 'outdated', current: '0.1', latest: '0.2' });
    expect(about('gone')).toMatchObject({
      state: 'failed',
      reason: 'npm has no package no-such-package',
    });
    expect(about('plain')).toMatchObject({ state: 'none', kind: 'unknown' });
    expect(home.read(`${CONFIG}/servers.json`)).toBe(before);
  });

  it('says why there is nothing to update', async () => {
    const { home } = await machine({
      tool: 'dnx Acme.Mcp@1.0.0 --yes',
      plain: 'node x',
      hub: './bin',
    });
    home.write(`${CONFIG}/sources.json`, '{"hub": {"type": "github-release", "repo": "a/b"}}');
    const { servers } = (await runCli(home, 'outdated --json')).json<{
      servers: { name: string; reason: string }[];
    }>();
    expect(servers.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'tool: versions at nuget are not looked up',
      'plain: its command names no package',
      'hub: GitHub releases are not looked up',
    ]);
  });

  it('shows a person what wants attention, and the rest as a number', async () => {
    const { home } = await machine(SERVERS);
    const { stdout } = await runCli(home, 'outdated');
    expect(stdout).toMatch(/^old\s+1\.0\.0\s+1\.2\.0\s+npm\s+outdated$/m);
    expect(stdout).toMatch(/^gone\s+npm\s+failed: npm has no package no-such-package$/m);
    expect(stdout).toMatch(/^2 current, 1 with nothing to update$/m);
    expect((await runCli(home, 'outdated -v')).stdout).toMatch(/^new\s+3\.0\.0/m);
  });

  it.each([
    ['0 when all is current', 'new', 0],
    ['14 when there is an update', 'old', 14],
    ['60 when a server could not be checked', 'gone', 60],
    ['10 for a server that is not there', 'nobody', 10],
  ])('exits with %s', async (_, name, exitCode) => {
    const { home } = await machine(SERVERS);
    expect((await runCli(home, `outdated ${name}`)).exitCode).toBe(exitCode);
    expect((await runCli(home, `update --check ${name}`)).exitCode).toBe(exitCode);
  });
});

describe('mcpm update', () => {
  it('writes the newest version into the command line, and nothing else', async () => {
    const { home } = await machine(SERVERS);
    const result = await runCli(home, 'update --json');
    expect(result.exitCode).toBe(60);
    expect(result.json()).toMatchObject({ updated: 2, failed: 1, pending: 0 });
    const after = stored(home);
    expect(after['old']).toEqual({
      name: 'old',
      profile_tags: ['p'],
      command: 'npx',
      args: ['-y', 'acme-mcp@1.2.0', '--flag'],
      env: { K: 'v' },
      mine: true,
    });
    expect(after['python']?.args).toEqual(['--with', 'mcp<2', 'acme-py==0.2', 'serve']);
    expect(after['floating']?.args).toEqual(['-y', 'acme-mcp']);
    expect(resolved(home).old).toMatchObject({
      package: 'acme-mcp',
      version: '1.2.0',
      integrity: integrityOf('acme-mcp', '1.2.0'),
      pinned: true,
      previous: [{ version: '1.0.0', word: 'acme-mcp@1.0.0' }],
    });
    expect((await runCli(home, 'update old')).stdout).toBe('1 current\n');
  });

  it('goes back to the version before, and forth again, asking nobody', async () => {
    const { home } = await machine({ old: SERVERS.old });
    await runCli(home, 'update');
    await runCli(home, 'update old --to previous', { env: NO_REGISTRY });
    expect(stored(home)['old']?.args).toEqual(['-y', 'acme-mcp@1.0.0', '--flag']);
    expect(resolved(home).old).toMatchObject({
      version: '1.0.0',
      previous: [{ version: '1.2.0' }, {}],
    });
    await runCli(home, 'update old --to previous', { env: NO_REGISTRY });
    expect(stored(home)['old']?.args).toEqual(['-y', 'acme-mcp@1.2.0', '--flag']);
  });

  it('goes to any version there is, and pins a floating server by it', async () => {
    const { home } = await machine(SERVERS);
    expect((await runCli(home, 'update old --to 0.9.0')).exitCode).toBe(0);
    expect((await runCli(home, 'update floating --to 1.1.0')).exitCode).toBe(0);
    expect((await runCli(home, 'update ranged --to latest')).exitCode).toBe(0);
    expect(Object.values(stored(home)).map(({ args }) => args.join(' '))).toEqual(
      expect.arrayContaining(['-y acme-mcp@0.9.0 --flag', '-y acme-mcp@1.1.0', 'acme-mcp@1.2.0']),
    );
    expect(resolved(home).floating).toMatchObject({
      version: '1.1.0',
      previous: [{ word: 'acme-mcp' }],
    });
    await runCli(home, 'update floating --to previous');
    expect(stored(home)['floating']?.args).toEqual(['-y', 'acme-mcp']);
    expect(resolved(home).floating.pinned).toBe(false);
  });

  it.each([
    ['a version that does not exist', 'update old --to 9.9.9', 10],
    ['a package that is gone', 'update gone --to 2.0.0', 10],
    ['no earlier version', 'update old --to previous', 10],
    ['a server without a package', 'update plain --to 1', 12],
    ['--to with two servers', 'update old new --to 1.0.0', 2],
  ])('leaves the old entry when it fails: %s', async (_, line, exitCode) => {
    const { home } = await machine(SERVERS);
    const before = home.read(`${CONFIG}/servers.json`);
    const result = await runCli(home, `${line} --json`);
    expect(result.exitCode).toBe(exitCode);
    expect(result.json<{ error: { message: string } }>().error.message).not.toBe('');
    expect(home.read(`${CONFIG}/servers.json`)).toBe(before);
  });

  it('leaves the old entry when the registry is down', async () => {
    const { home } = await machine({ old: SERVERS.old });
    const before = home.read(`${CONFIG}/servers.json`);
    expect((await runCli(home, 'update old', { env: NO_REGISTRY })).exitCode).toBe(30);
    expect((await runCli(home, 'update', { env: NO_REGISTRY })).exitCode).toBe(60);
    expect(home.read(`${CONFIG}/servers.json`)).toBe(before);
  });

  it('keeps a change that somebody made meanwhile', async () => {
    const { home } = await machine({});
    const registry = await serve((_request, response) => {
      home.write(`${CONFIG}/servers.json`, JSON.stringify({ s: entry(['acme@1.0.0', '--mine']) }));
      const document = { version: '1.1.0', dist: {} };
      response.end(JSON.stringify({ ...document, 'dist-tags': { latest: '1.1.0' }, versions: {} }));
    });
    const entry = (args: string[]) => ({
      name: 's',
      profile_tags: [],
      command: 'npx',
      args,
      env: {},
    });
    home.write(`${CONFIG}/servers.json`, JSON.stringify({ s: entry(['acme@1.0.0']) }));
    const env = { npm_config_registry: `http://127.0.0.1:${registry.port}/` };
    expect((await runCli(home, 'update s --to 1.1.0', { env })).exitCode).toBe(11);
    expect(stored(home)['s']?.args).toEqual(['acme@1.0.0', '--mine']);
  });

  it('shows what it would do with --dry-run, and asks a person first', async () => {
    const { home } = await machine({ old: SERVERS.old });
    const before = home.read(`${CONFIG}/servers.json`);
    expect((await runCli(home, 'update --dry-run')).stdout).toContain('1.2.0');
    const aimed = await runCli(home, 'update old --to 1.1.0 --dry-run');
    expect(aimed.stdout).toMatch(/old +1\.0\.0 +1\.1\.0 +npm +outdated/);
    expect(aimed.exitCode).toBe(14);
    const refused = await runCli(home, 'update', { answers: [false] });
    expect(refused.exitCode).toBe(13);
    expect(refused.stderr).toContain('1.2.0');
    expect(home.read(`${CONFIG}/servers.json`)).toBe(before);
    const agreed = await runCli(home, 'update', { answers: [true] });
    expect(agreed.stdout).toMatch(/NAME +WAS +IS +FROM\nold +1\.0\.0 +1\.2\.0 +npm +updated/);
  });
});

describe('images', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

  /** A container registry with tags and their digests. */
  async function images(tags: Record<string, string>) {
    const server = await serve(({ path }, response) => {
      const tag = /\/manifests\/(.+)$/.exec(path)?.[1];
      if (path.includes('/tags/list'))
        return response.end(JSON.stringify({ tags: Object.keys(tags) }));
      const found = tag && tags[tag];
      if (!found) return response.writeHead(404).end();
      return response.writeHead(200, { 'docker-content-digest': found }).end();
    });
    return `127.0.0.1:${server.port}/acme/files`;
  }

  it('moves a numbered tag to the highest, with its digest', async () => {
    const image = await images({ '1.9': digest('a'), '1.10': digest('b'), latest: digest('c') });
    const { home } = await machine({ one: `docker run -i --rm ${image}:1.9@${digest('a')}` });
    expect((await runCli(home, 'outdated --json')).json()).toMatchObject({
      servers: [{ kind: 'oci', current: '1.9', latest: '1.10', state: 'outdated' }],
    });
    await runCli(home, 'update');
    expect(stored(home)['one']?.args.at(-1)).toBe(`${image}:1.10@${digest('b')}`);
  });

  it('leaves one alone that is named by its digest', async () => {
    const image = await images({ latest: digest('c') });
    const { home } = await machine({ exact: `docker run -i --rm ${image}@${digest('a')}` });
    expect((await runCli(home, 'outdated --json')).json()).toMatchObject({
      servers: [{ kind: 'oci', state: 'none', reason: 'is named by its digest alone' }],
    });
  });

  it('sees that a moving tag has moved by its digest', async () => {
    const image = await images({ latest: digest('c') });
    const { home } = await machine({
      moved: `docker run -i --rm ${image}:latest@${digest('a')}`,
      same: `docker run -i --rm ${image}:latest@${digest('c')}`,
      open: `docker run -i --rm ${image}`,
    });
    expect((await runCli(home, 'outdated --json')).json()).toMatchObject({
      servers: [{ state: 'outdated' }, { state: 'current' }, { state: 'floating' }],
    });
    await runCli(home, 'update');
    expect(stored(home)['moved']?.args.at(-1)).toBe(`${image}:latest@${digest('c')}`);
    await runCli(home, 'update moved --to previous');
    expect(stored(home)['moved']?.args.at(-1)).toBe(`${image}:latest@${digest('a')}`);
  });
});
