import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../src/install/zip.ts';
import { runCli } from '../helpers/cli.ts';
import { entry } from '../helpers/entries.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';
import { serve } from '../helpers/http.ts';
import { serveOfficial } from '../helpers/official.ts';
import { type ZipEntry, zip } from '../helpers/zip.ts';

const program = readFileSync(new URL('../fixtures/registry/bundle-server.mjs', import.meta.url));
const MANIFEST = {
  manifest_version: '0.3',
  name: 'Greeter Bundle',
  display_name: 'Greeter',
  version: '1.2.3',
  description: 'Says hello',
  author: { name: 'Acme' },
  server: {
    type: 'node',
    entry_point: 'server/index.mjs',
    mcp_config: {
      command: 'node',
      args: [
        '${__dirname}/server/index.mjs',
        '--in',
        '${user_config.folders}',
        '${user_config.level}',
      ],
      env: { GREETING: '${user_config.greeting}', KEY: '${user_config.key}' },
      platform_overrides: { win32: { command: 'node.exe' } },
    },
  },
  user_config: {
    folders: {
      type: 'directory',
      title: 'Folders',
      multiple: true,
      default: ['${HOME}/a', '${HOME}/b'],
    },
    level: { type: 'number', description: 'Level', default: 3 },
    greeting: { type: 'string', description: 'Greeting', required: true },
    key: { type: 'string', description: 'Key', sensitive: true },
  },
};

function bundle(manifest: object = MANIFEST, more: readonly ZipEntry[] = []): Buffer {
  return zip([
    { path: 'manifest.json', content: JSON.stringify(manifest) },
    { path: 'server/', content: '' },
    { path: 'server/index.mjs', content: program },
    ...more,
  ]);
}

function put(home: TestHome, bytes: Uint8Array): string {
  return home.write('b.mcpb', bytes);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const offline = { MCPM_REGISTRY_URL: './nothing.json' };

function left(home: TestHome): string[] {
  return ['.mcpm/servers', '.config/mcpm'].flatMap((path) =>
    existsSync(join(home.dir, path)) ? readdirSync(join(home.dir, path)) : [],
  );
}

describe('a bundle', () => {
  it('installs from a file, with its values, and runs', async () => {
    const home = makeHome({ env: offline });
    home.write('nothing.json', '[]');
    const bytes = bundle();
    put(home, bytes);
    const result = await runCli(home, [
      'install',
      './b.mcpb',
      '--set',
      'greeting=hi there',
      '--set',
      'key=s3cret',
    ]);
    expect(result.exitCode, result.stderr).toBe(0);
    const folder = join(
      home.dir,
      '.mcpm/servers/Greeter-Bundle',
      `bundle-${sha256(bytes).slice(0, 12)}`,
    );
    const server = JSON.parse(home.read('.config/mcpm/servers.json'))['Greeter-Bundle'];
    expect(server).toEqual({
      name: 'Greeter-Bundle',
      profile_tags: [],
      command: 'node',
      args: [
        join(folder, 'server/index.mjs'),
        '--in',
        join(home.dir, 'a'),
        join(home.dir, 'b'),
        '3',
      ],
      env: { GREETING: 'hi there', KEY: '${secret:Greeter-Bundle/key}' },
    });
    expect(JSON.parse(home.read('.config/mcpm/resolved.json'))['Greeter-Bundle']).toMatchObject({
      version: '1.2.3',
      ecosystem: 'mcpb',
      integrity: `sha256:${sha256(bytes)}`,
      pinned: true,
    });
    const requests = [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    ];
    const { stdout } = spawnSync(process.execPath, server.args, {
      input: `${requests.map((one) => JSON.stringify(one)).join('\n')}\n`,
      env: { GREETING: server.env.GREETING },
      encoding: 'utf8',
    });
    expect(stdout).toContain(
      `"description":"--in ${join(home.dir, 'a')} ${join(home.dir, 'b')} 3 hi there"`,
    );
  });

  it('is fetched from an address', async () => {
    const host = await serve((_request, response) => response.end(bundle()));
    const home = makeHome({ env: offline });
    home.write('nothing.json', '[]');
    const { exitCode, stderr } = await runCli(
      home,
      `install ${host.url}/x.mcpb --alias g --set greeting=hi`,
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(home.read('.config/mcpm/servers.json'))).toHaveProperty('g');
  });

  it('of a registry is refused when its checksum differs, and leaves nothing', async () => {
    const bytes = bundle();
    const changed = Buffer.from(bytes);
    changed[60] = (changed[60] ?? 0) ^ 1;
    let served: Buffer = changed;
    const host = await serve((_request, response) => response.end(served));
    const identifier = `${host.url}/greeter.mcpb`;
    const packages = [
      { registryType: 'mcpb', identifier, fileSha256: sha256(bytes), transport: { type: 'stdio' } },
    ];
    const registry = await serveOfficial([entry({ name: 'com.acme/greeter', packages })]);
    const home = makeHome({ env: { MCPM_REGISTRY_URL: registry.url } });
    const refused = await runCli(home, 'install com.acme/greeter --set greeting=hi --json');
    expect(refused.exitCode).toBe(32);
    expect(refused.json()).toMatchObject({ error: { code: 'INTEGRITY' } });
    expect(left(home)).toEqual([]);
    served = bytes;
    const accepted = await runCli(home, 'install com.acme/greeter --set greeting=hi --json');
    expect(accepted.exitCode, accepted.stdout).toBe(0);
    expect(accepted.json()).toMatchObject({
      plan: { name: 'greeter', bundle: { sha256: sha256(bytes), count: 2 } },
    });
  });

  it.each<[what: string, bytes: Buffer]>([
    ['a changed byte', flip(bundle())],
    ['a path that leads out', bundle(MANIFEST, [{ path: '../evil', content: 'x' }])],
    [
      'a path that leads out further in',
      bundle(MANIFEST, [{ path: 'a/../../evil', content: 'x' }]),
    ],
    ['an absolute path', bundle(MANIFEST, [{ path: '/etc/evil', content: 'x' }])],
    ['a path of Windows', bundle(MANIFEST, [{ path: 'a\\..\\..\\evil', content: 'x' }])],
    ['a drive', bundle(MANIFEST, [{ path: 'C:evil', content: 'x' }])],
    ['a symbolic link', bundle(MANIFEST, [{ path: 'link', content: '/etc', mode: 0o120777 }])],
    ['the same file twice', bundle(MANIFEST, [{ path: 'SERVER/index.mjs', content: 'x' }])],
    ['a false size', bundle(MANIFEST, [{ path: 'a', content: 'xx', claims: { size: 1 } }])],
    [
      'a false checksum',
      bundle(MANIFEST, [{ path: 'a', content: 'xx', stored: true, claims: { crc: 1 } }]),
    ],
    ['an encrypted file', bundle(MANIFEST, [{ path: 'a', content: 'x', flags: 1 }])],
    [
      'a claim to be huge',
      bundle(MANIFEST, [{ path: 'a', content: 'x', claims: { size: 0xfffffff0 } }]),
    ],
    ['a missing end', bundle().subarray(0, 200)],
    ['no manifest', zip([{ path: 'x', content: 'y' }])],
    ['nothing of an archive', Buffer.from('hello')],
  ])('with %s is refused and leaves nothing', async (_what, bytes) => {
    const home = makeHome({ env: offline });
    home.write('nothing.json', '[]');
    put(home, bytes);
    const { exitCode, stdout } = await runCli(home, 'install ./b.mcpb --set greeting=x --json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTEGRITY' } });
    expect(exitCode).toBe(32);
    expect(left(home)).toEqual([]);
    expect(existsSync(join(home.dir, '.mcpm/servers'))).toBe(false);
  });

  it.each([
    [
      'for other systems',
      { ...MANIFEST, compatibility: { platforms: ['amiga'] } },
      'runs on amiga',
    ],
    [
      'with a manifest of the wrong shape',
      { ...MANIFEST, server: { type: 'node', mcp_config: { args: [1] } } },
      'server.mcp_config.args.0 must be a text',
    ],
  ])('%s is refused', async (_what, manifest, complaint) => {
    const home = makeHome({ env: offline });
    home.write('nothing.json', '[]');
    put(home, bundle(manifest));
    const { exitCode, stderr } = await runCli(home, 'install ./b.mcpb --set greeting=x');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(complaint);
  });

  it('keeps programs executable, and is found behind a signature', () => {
    const signed = zip([{ path: 'bin/x', content: '#!', mode: 0o100755 }], Buffer.alloc(4000, 7));
    expect(readZip(signed, 'x', { files: 10, bytes: 1000 })).toMatchObject([
      { path: 'bin/x', executable: true },
    ]);
  });
});

/** One bit of the packed content, where only a checksum can tell. */
function flip(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf('server/index.mjs') + 16 + 40;
  copy[at] = (copy[at] ?? 0) ^ 4;
  return copy;
}
