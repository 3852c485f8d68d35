import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { sendJson, serve } from '../helpers/http.ts';
import {
  EVERYTHING,
  FILESYSTEM,
  machine,
  manifest,
  ok,
  resolved,
  stored,
} from '../helpers/machine.ts';
import { integrityOf, serveNpm } from '../helpers/packages.ts';

describe('mcpm install', () => {
  it('stores a server of the catalogue as MCPM v2 does, its version settled', async () => {
    const { home, env } = await machine(['npx']);
    const { stdout } = await ok(runCli(home, 'install everything', { env }));
    expect(stdout).toContain('Installed everything 2.0.0 (npm, recommended)');
    expect(stored(home)).toEqual({
      everything: {
        name: 'everything',
        profile_tags: [],
        command: 'npx',
        args: ['-y', `${EVERYTHING}@2.0.0`],
        env: {},
      },
    });
    expect(resolved(home).everything).toMatchObject({
      reference: 'catalogue:everything',
      package: EVERYTHING,
      version: '2.0.0',
      integrity: integrityOf(EVERYTHING, '2.0.0'),
      pinned: true,
      resolvedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(JSON.parse(home.read('.config/mcpm/sources.json'))).toEqual({
      everything: { type: 'npx', package: EVERYTHING },
    });
    expect(JSON.parse(home.read('.mcpm/servers/everything/metadata.json'))).toMatchObject({
      name: 'everything',
    });
  });

  it.each([
    ['a flag', { flags: ['--set', 'ALLOWED_DIRECTORY=/data'] }],
    ['a special variable', { env: { MCPM_SERVER_FILESYSTEM_ALLOWED_DIRECTORY: '/data' } }],
    ['a general variable', { env: { MCPM_ARG_ALLOWED_DIRECTORY: '/data' } }],
    ['the plain variable', { env: { ALLOWED_DIRECTORY: '/data' } }],
    ['a file', { file: 'ALLOWED_DIRECTORY=/data\n', flags: ['--env-file', 'values.env'] }],
    ['a prompt', { answers: ['/data', true] }],
  ] as const)('takes a value from %s', async (_from, given) => {
    const { home, env } = await machine(['npx']);
    const {
      flags = [],
      answers,
      file,
      env: more,
    } = { flags: [], answers: undefined, file: undefined, env: {}, ...given };
    if (file !== undefined) home.write('values.env', file);
    await ok(
      runCli(home, ['install', 'filesystem', ...flags], {
        env: { ...env, ...more },
        ...(answers ? { answers } : {}),
      }),
    );
    expect(stored(home)['filesystem']?.['args']).toEqual(['-y', `${FILESYSTEM}@2026.1.0`, '/data']);
  });

  it('refuses a value the server does not take', async () => {
    const { home, env } = await machine(['npx']);
    const typo = await runCli(home, 'install filesystem --set ALLOWED_DIR=/x', { env });
    expect(typo.exitCode).toBe(2);
    expect(typo.stderr).toContain('takes ALLOWED_DIRECTORY');
  });

  it('says all that is missing at once when nobody can be asked', async () => {
    const { home, env } = await machine(['npx']);
    const args = ['-y', 'acme-mcp', '${ONE}', '${TWO}', '${THREE}'];
    home.write('three.json', JSON.stringify(manifest({ args })));
    const line = 'install ./three.json --json --set TWO=2';
    const { exitCode, json } = await runCli(home, line, { env });
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'USAGE', data: { missing: ['ONE', 'THREE'] } } });
  });

  it('shows the plan of a dry run, in words and as JSON, and changes nothing', async () => {
    const { home, env } = await machine(['npx']);
    const words = await ok(runCli(home, 'install everything --dry-run', { env }));
    expect(words.stdout).toMatch(/method +npm \(recommended; also docker\)/);
    expect(words.stdout).toMatch(/runs +npx -y @modelcontextprotocol\/server-everything@2\.0\.0/);
    expect(words.stdout).toContain('Nothing was changed');
    const { json } = await ok(runCli(home, 'install everything --dry-run --json', { env }));
    expect(json()).toMatchObject({
      plan: { name: 'everything', server: { command: 'npx' }, resolved: { version: '2.0.0' } },
    });
    expect(json()).not.toHaveProperty('installed');
    expect(existsSync(`${home.dir}/.config`)).toBe(false);
    expect(existsSync(`${home.dir}/.mcpm/servers`)).toBe(false);
  });

  it('asks for consent on a terminal, after showing the plan', async () => {
    const { home, env } = await machine(['npx']);
    const no = await runCli(home, 'install everything', { env, answers: [false] });
    expect(no.exitCode).toBe(13);
    expect(no.stderr).toContain('server-everything@2.0.0');
    expect(existsSync(`${home.dir}/.config/mcpm/servers.json`)).toBe(false);
    await ok(runCli(home, 'install everything --yes', { env, answers: [] }));
    expect(Object.keys(stored(home))).toEqual(['everything']);
  });

  it('does not replace a server unless told to, and then keeps its profiles', async () => {
    const { home, env } = await machine(['npx']);
    await ok(runCli(home, 'install everything', { env }));
    await ok(runCli(home, 'profile create dev', { env }));
    await ok(runCli(home, 'profile edit dev --add-server everything', { env }));
    const taken = await runCli(home, 'install everything@1.0.0', { env });
    expect(taken.exitCode).toBe(11);
    expect(taken.stderr).toContain('--force');
    await ok(runCli(home, 'install everything@1.0.0 --force', { env }));
    expect(stored(home)['everything']).toMatchObject({
      profile_tags: ['dev'],
      args: ['-y', `${EVERYTHING}@1.0.0`],
    });
    await ok(runCli(home, 'install everything --alias other', { env }));
    expect(Object.keys(stored(home))).toEqual(['everything', 'other']);
  });

  it('leaves the version open when told to', async () => {
    const { home, env, npm } = await machine(['npx']);
    await ok(runCli(home, 'install everything --no-pin', { env }));
    expect(stored(home)['everything']).toMatchObject({ args: ['-y', EVERYTHING] });
    expect(resolved(home).everything).toMatchObject({ pinned: false });
    expect(npm.requests).toEqual([]);
  });

  it.each([
    ['a package', ['npm:acme-mcp'], ['-y', 'acme-mcp'], false],
    ['a package in a range', ['npm:acme-mcp@^0.2'], ['-y', 'acme-mcp@^0.2'], false],
    ['a package at a version', ['npm:acme-mcp@0.1.0'], ['-y', 'acme-mcp@0.1.0'], true],
    ['an entry that names a version', ['./three.json'], ['-y', 'acme-mcp'], false],
    ['a server at a version', ['everything@1.0.0'], ['-y', `${EVERYTHING}@1.0.0`], true],
  ])(
    'leaves the version of %s open, but for one that was asked for',
    async (_, words, args, pinned) => {
      const { home, env } = await machine(['npx']);
      home.write('three.json', JSON.stringify(manifest({ args: ['-y', 'acme-mcp@0.2.0'] })));
      await ok(runCli(home, ['install', ...words, '--no-pin', '--alias', 'it'], { env }));
      expect(stored(home)['it']).toMatchObject({ args });
      expect(resolved(home).it).toMatchObject({ pinned });
    },
  );

  it.each([
    ['npm:acme-mcp', 'npx -y acme-mcp@0.3.0', 'npm'],
    ['npm:acme-mcp@0.1.0', 'npx -y acme-mcp@0.1.0', 'npm'],
    ['npm:acme-mcp@^0.2', 'npx -y acme-mcp@0.2.0', 'npm'],
    ['pypi:acme-py', 'uvx acme-py==1.0', 'pypi'],
    ['pypi:acme-py@latest', 'uvx acme-py==1.0', 'pypi'],
    ['pypi:mcp-server-time==0.5.1', 'uvx mcp-server-time==0.5.1', 'pypi'],
    ['pypi:acme-py[cli]', 'uvx acme-py[cli]==1.0', 'pypi'],
  ])('installs %s', async (reference, line, source) => {
    const { home, env } = await machine(['npx', 'uvx']);
    await ok(runCli(home, ['install', reference, '--alias', 'it'], { env }));
    const { command, args } = stored(home)['it'] as { command?: string; args?: readonly string[] };
    expect([command, ...(args ?? [])].join(' ')).toBe(line);
    expect(resolved(home).it).toMatchObject({ source, pinned: true });
  });

  it('names the program of a package that has several, and refuses one that has none', async () => {
    const npm = await serveNpm(
      { many: ['1.0.0'], '@a/own': ['1.0.0'], none: ['1.0.0'] },
      {
        'many@1.0.0': { bin: { one: 'a.js', two: 'b.js' } },
        '@a/own@1.0.0': { bin: { other: 'a.js', own: 'b.js' } },
        'none@1.0.0': { bin: undefined },
      },
    );
    const { home, env } = await machine(['npx'], { npm_config_registry: npm.url });
    await ok(runCli(home, 'install npm:many', { env }));
    await ok(runCli(home, 'install npm:@a/own', { env }));
    expect(stored(home)['many']).toMatchObject({ args: ['-y', '-p', 'many@1.0.0', 'one'] });
    expect(stored(home)['own']).toMatchObject({ args: ['-y', '@a/own@1.0.0'] });
    expect((await runCli(home, 'install npm:none', { env })).exitCode).toBe(12);
  });

  it('takes for an image exactly the tag or the digest that was named', async () => {
    const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
    const images = await serve((_request, response, url) => {
      const tag = url.pathname.split('/').at(-1) ?? '';
      const found = { latest: digest('a'), '1.0': digest('b') }[tag] ?? tag;
      sendJson(response, {}, { 'docker-content-digest': found });
    });
    const image = `${images.url.replace('http://', '')}/acme/files`;
    const { home, env } = await machine(['docker']);
    for (const [named, expected] of [
      [image, `${image}:latest@${digest('a')}`],
      [`${image}:1.0`, `${image}:1.0@${digest('b')}`],
      [`${image}@1.0`, `${image}:1.0@${digest('b')}`],
      [`${image}@${digest('c')}`, `${image}@${digest('c')}`],
      [`${image}:1.0@${digest('c')}`, `${image}:1.0@${digest('c')}`],
    ] as const) {
      await ok(runCli(home, ['install', `oci:${named}`, '--force'], { env }));
      expect(stored(home)['files']).toMatchObject({ args: ['run', '-i', '--rm', expected] });
      const integrity = expected.split('@')[1];
      expect(resolved(home).files).toMatchObject({ integrity, pinned: true });
    }
  });

  it('leaves an image as it is whose digest the manifest names', async () => {
    const args = ['run', '-i', '--rm', `127.0.0.1:9/acme/files@sha256:${'d'.repeat(64)}`];
    const { home, env } = await machine(['docker']);
    home.write('three.json', JSON.stringify(manifest({ type: 'docker', command: 'docker', args })));
    const { stdout } = await ok(runCli(home, 'install ./three.json', { env }));
    expect(stdout).not.toContain('not settled');
    expect(stored(home)['three']).toMatchObject({ args });
    expect(resolved(home).three).toMatchObject({ integrity: `sha256:${'d'.repeat(64)}` });
  });

  it('takes no value of the session for an argument of that name', async () => {
    const { home, env } = await machine(['npx']);
    const one = manifest({ args: ['-y', 'acme-mcp', '${path}'] });
    home.write('three.json', JSON.stringify({ ...one, arguments: { path: { description: '' } } }));
    await ok(runCli(home, 'install ./three.json', { env: { ...env, PATH: '/usr/bin' } }));
    expect(stored(home)['three']).toMatchObject({ args: ['-y', 'acme-mcp@0.3.0'] });
  });

  it('warns of a placeholder nobody asks for, and of nothing that a person gave', async () => {
    const { home, env } = await machine(['npx']);
    const args = ['-y', 'acme-mcp', '/path/to/file', '${DIR}'];
    home.write('three.json', JSON.stringify(manifest({ args })));
    const line = ['install', './three.json', '--set', 'DIR=/srv/my files'];
    const { stdout } = await ok(runCli(home, line, { env }));
    expect(stdout).toContain('"/path/to/file" looks like a placeholder');
    expect(stdout.match(/looks like a placeholder/g)).toHaveLength(1);
  });

  it('installs the address of a running server', async () => {
    const { home, env } = await machine([]);
    await ok(runCli(home, 'install https://mcp.acme.test/mcp', { env }));
    expect(stored(home)).toEqual({
      acme: { name: 'acme', profile_tags: [], url: 'https://mcp.acme.test/mcp', headers: {} },
    });
    expect(JSON.parse(home.read('.config/mcpm/sources.json'))).toEqual({
      acme: { type: 'remote' },
    });
  });

  it.each([
    ['nope-nope', 10, 'is not in any registry'],
    ['filesistem', 10, 'Did you mean filesystem'],
    ['npm:nope-nope', 10, 'npm has no package nope-nope'],
    ['everything@9.9.9', 10, 'has no version 9.9.9'],
    ['./nope.mcpb', 10, 'There is no '],
    ['everything --method pip', 10, '--method npm | docker'],
    ['npm:', 12, 'it names nothing'],
    ['catalogue:', 12, 'it names nothing'],
    ['oci:@1', 12, 'it names no image'],
    ['http://', 12, 'it is no address'],
    ['https://me:s3cret@mcp.acme.test/mcp', 12, 'holds a user or password'],
    ['nope:thing', 12, 'there is no source called nope'],
    ['everything --alias a/b', 12, 'cannot be the name'],
    ['everything --set X=1', 2, 'takes no value called X'],
    ['everything --set X', 2, 'KEY=VALUE'],
    ['everything --env-file nope.env', 10, 'no environment file'],
  ])('refuses %j with status %i', async (line, status, complaint) => {
    const { home, env } = await machine(['npx']);
    home.write('.config/mcpm/config.json', '{"registries": ["catalogue"]}');
    const { exitCode, stderr } = await runCli(home, `install ${line}`, { env });
    expect(stderr).toContain(complaint);
    expect(stderr).not.toContain('s3cret');
    expect(exitCode).toBe(status);
  });
});
