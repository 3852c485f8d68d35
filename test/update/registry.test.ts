import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { entry } from '../helpers/entries.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { serve } from '../helpers/http.ts';
import { serveOfficial } from '../helpers/official.ts';
import { zip } from '../helpers/zip.ts';

const NAME = 'com.acme/greeter';

/** A bundle whose server says which version it is, and takes these values. */
function bundle(version: string, values: readonly string[]): Buffer {
  const user_config = Object.fromEntries(
    values.map((key) => [
      key,
      { type: 'string', title: key, required: true, sensitive: key === 'key' },
    ]),
  );
  const manifest = {
    manifest_version: '0.3',
    name: 'greeter',
    version,
    description: 'Says hello',
    author: { name: 'Acme' },
    server: {
      type: 'node',
      entry_point: 'index.mjs',
      mcp_config: {
        command: 'node',
        args: ['${__dirname}/index.mjs'],
        env: Object.fromEntries(values.map((key) => [key.toUpperCase(), `\${user_config.${key}}`])),
      },
    },
    user_config,
  };
  return zip([
    { path: 'manifest.json', content: JSON.stringify(manifest) },
    { path: 'index.mjs', content: `// ${version}` },
  ]);
}

/** A registry with one server, whose versions the test publishes. */
async function machine() {
  const files = new Map<string, Buffer>();
  const host = await serve((_request, response, url) => response.end(files.get(url.pathname)));
  const registry = await serveOfficial([]);
  const home = makeHome({ env: { MCPM_REGISTRY_URL: registry.url } });
  const publish = (version: string, bytes: Buffer, served = bytes) => {
    files.set(`/${version}.mcpb`, served);
    const fileSha256 = createHash('sha256').update(bytes).digest('hex');
    const identifier = `${host.url}/${version}.mcpb`;
    const transport = { type: 'stdio' };
    const packages = [{ registryType: 'mcpb', identifier, fileSha256, transport }];
    const older = registry.entries.map((one) => entry(one.server, { isLatest: false }));
    registry.entries = [...older, entry({ name: NAME, version, packages })];
  };
  return { home, publish };
}

const server = (home: TestHome) => JSON.parse(home.read('.config/mcpm/servers.json')).greeter;
const program = (home: TestHome) => home.read(server(home).args[0].replace(`${home.dir}/`, ''));
const INSTALL = `install ${NAME} --set greeting=hi --set key=s3cret --set old=x`;

describe('a server from a bundle of a registry', () => {
  it('is brought to the newest version with the values it has, and back', async () => {
    const { home, publish } = await machine();
    publish('1.0.0', bundle('1.0.0', ['greeting', 'key', 'old']));
    const installed = await runCli(home, INSTALL);
    expect(installed.exitCode, installed.stderr).toBe(0);
    expect((await runCli(home, 'outdated')).exitCode).toBe(0);
    publish('1.1.0', bundle('1.1.0', ['greeting', 'key']));
    const outdated = await runCli(home, 'outdated --json');
    expect(outdated.json()).toMatchObject({
      servers: [{ kind: 'bundle', current: '1.0.0', latest: '1.1.0', state: 'outdated' }],
    });
    const updated = await runCli(home, 'update');
    expect(updated.exitCode, updated.stdout).toBe(0);
    expect(program(home)).toBe('// 1.1.0');
    expect(server(home).env).toEqual({ GREETING: 'hi', KEY: '${secret:greeter/key}' });
    expect((await runCli(home, 'update greeter')).stdout).toBe('1 current\n');
    const back = await runCli(home, 'update greeter --to previous');
    expect(back.exitCode, back.stderr).toBe(0);
    expect(program(home)).toBe('// 1.0.0');
    expect(server(home).env).toMatchObject({ GREETING: 'hi', OLD: 'x' });
  });

  it('keeps the files that are in use, and those that were until now', async () => {
    const { home, publish } = await machine();
    const folders = () =>
      readdirSync(join(home.dir, '.mcpm/servers/greeter')).filter((one) =>
        one.startsWith('bundle'),
      );
    const used: string[] = [];
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
      publish(version, bundle(version, ['greeting', 'key', 'old']));
      await runCli(home, version === '1.0.0' ? INSTALL : 'update greeter');
      used.push(server(home).args[0].split('/').at(-2));
    }
    expect(program(home)).toBe('// 1.2.0');
    expect(folders()).toEqual(used.slice(1).sort());
    publish('1.3.0', bundle('1.3.0', ['greeting', 'key', 'old']));
    await runCli(home, `${INSTALL} --force`);
    expect(program(home)).toBe('// 1.3.0');
    expect(folders()).toHaveLength(2);
  });

  it.each([
    ['its checksum differs', bundle('1.1.0', ['greeting', 'key', 'old']), 32],
    ['it wants a value that nobody gave', bundle('1.1.0', ['greeting', 'new']), 2],
  ])('stays as it was when the new one is refused: %s', async (what, bytes, exitCode) => {
    const { home, publish } = await machine();
    publish('1.0.0', bundle('1.0.0', ['greeting', 'key', 'old']));
    await runCli(home, INSTALL);
    publish('1.1.0', bytes, what.includes('checksum') ? bundle('6.6.6', []) : bytes);
    const before = [
      home.read('.config/mcpm/servers.json'),
      home.read('.config/mcpm/resolved.json'),
    ];
    const folders = readdirSync(join(home.dir, '.mcpm/servers/greeter'));
    expect((await runCli(home, 'update greeter')).exitCode).toBe(exitCode);
    expect([
      home.read('.config/mcpm/servers.json'),
      home.read('.config/mcpm/resolved.json'),
    ]).toEqual(before);
    expect(readdirSync(join(home.dir, '.mcpm/servers/greeter'))).toEqual(folders);
    expect(program(home)).toBe('// 1.0.0');
  });

  it('has nothing to update when it came from a file', async () => {
    const { home } = await machine();
    const path = join(home.dir, 'x.mcpb');
    writeFileSync(path, bundle('1.0.0', []));
    await runCli(home, ['install', path]);
    expect((await runCli(home, 'outdated -v')).stdout).toContain('came from a file or an address');
    expect((await runCli(home, 'update greeter --to 2.0.0')).exitCode).toBe(12);
  });
});

describe('a server that only its registry has versions of', () => {
  const nuget = (version: string) => ({
    registryType: 'nuget',
    identifier: 'Acme.Mcp',
    version,
    transport: { type: 'stdio' },
  });
  const image = (letter: string) => ({
    registryType: 'oci',
    identifier: `127.0.0.1:9/acme/greeter@sha256:${letter.repeat(64)}`,
    transport: { type: 'stdio' },
    environmentVariables: [{ name: 'TOKEN', isSecret: true, isRequired: true }],
  });

  it.each([
    ['a NuGet package', 'nuget', nuget('1.0.0'), nuget('1.5.0'), /^Acme\.Mcp@1\.(0|5)\.0$/],
    ['an image named by its digest', 'oci', image('a'), image('b'), /@sha256:(aaa|bbb)/],
  ])('is updated by it, and back: %s', async (_, kind, old, now, word) => {
    const registry = await serveOfficial([
      entry({ name: NAME, version: '1.0.0', packages: [old] }),
    ]);
    const home = makeHome({ env: { MCPM_REGISTRY_URL: registry.url, TOKEN: 't0ken' } });
    const installed = await runCli(home, `install ${NAME}`);
    expect(installed.exitCode, installed.stderr).toBe(0);
    const { args, env } = server(home);
    registry.entries = [
      entry({ name: NAME, version: '1.0.0', packages: [old] }, { isLatest: false }),
      entry({ name: NAME, version: '2.0.0', packages: [now] }),
    ];
    const outdated = await runCli(home, 'outdated --json');
    expect(outdated.exitCode).toBe(14);
    expect(outdated.json()).toMatchObject({
      servers: [{ kind, current: '1.0.0', latest: '2.0.0', state: 'outdated' }],
    });
    expect((await runCli(home, `info ${NAME}`)).stdout).toContain('outdated: mcpm update');
    expect((await runCli(home, 'update')).stdout).toMatch(/greeter +1\.0\.0 +2\.0\.0 .*updated/);
    expect(server(home).args).not.toEqual(args);
    expect(server(home).args.some((one: string) => word.test(one))).toBe(true);
    expect(server(home).env).toEqual(env);
    expect((await runCli(home, 'outdated')).exitCode).toBe(0);
    expect((await runCli(home, 'update greeter --to previous')).exitCode).toBe(0);
    expect(server(home).args).toEqual(args);
  });
});
