import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../helpers/engine.ts';
import { HttpClient } from '../helpers/served.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the package, packed and installed elsewhere', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-package-'));
  const home = join(dir, 'home');
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  beforeAll(() => {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as { filename: string }[];
    writeFileSync(join(dir, 'package.json'), '{"name":"user","type":"module","private":true}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', join(dir, packed?.filename ?? '')], {
      cwd: dir,
      stdio: 'ignore',
    });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('has a bin that runs', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(run(join(dir, 'node_modules/.bin/mcpm'), ['--version']).trim()).toBe(version);
  });

  it('brings nothing along but the optional keychain', () => {
    const installed = readdirSync(join(dir, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(installed.sort().filter((name) => name !== '@napi-rs')).toEqual(['mcpm']);
  });

  it('is a library: the documented example runs as it is printed', () => {
    writeFileSync(
      join(dir, 'example.mjs'),
      readFileSync(join(ROOT, 'docs/examples/managers.ts'), 'utf8'),
    );
    expect(run(process.execPath, ['example.mjs'])).toBe(
      "browse [ 'web-dev' ]\ndocs []\nClaude Desktop [ 'web-dev' ]\n",
    );
    const launcher = readFileSync(join(home, '.mcpm/bin/mcpm'), 'utf8');
    expect(launcher).toContain(join(dir, 'node_modules/mcpm/dist/main.cjs'));
    expect(
      JSON.parse(readFileSync(join(home, '.config/mcpm/servers.json'), 'utf8')),
    ).toHaveProperty('browse');
  });

  it('runs the README as it is printed', () => {
    const [, example = ''] =
      /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
    writeFileSync(join(dir, 'readme.mjs'), example);
    const other = join(dir, 'other');
    execFileSync(process.execPath, ['readme.mjs'], {
      cwd: dir,
      env: { ...process.env, HOME: other },
    });
    const servers = JSON.parse(readFileSync(join(other, '.config/mcpm/servers.json'), 'utf8'));
    expect(servers.browse.profile_tags).toEqual(['web-dev']);
  });

  it('serves a gateway: the documented example runs as it is printed', async () => {
    const example = readFileSync(join(ROOT, 'docs/examples/gateway.ts'), 'utf8');
    writeFileSync(join(dir, 'gateway.ts'), example);
    const config = join(dir, 'config');
    mkdirSync(config, { mode: 0o700 });
    const raw = join(ROOT, 'test/fixtures/servers/raw.mjs');
    const entries = ['files', 'notes'].map((name) => {
      const args = [raw, '--name', name, '--tools', 'row_delete'];
      return [name, { name, profile_tags: ['web-dev'], command: process.execPath, args, env: {} }];
    });
    const servers = JSON.stringify(Object.fromEntries(entries));
    writeFileSync(join(config, 'servers.json'), servers, { mode: 0o600 });
    const tsx = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')).href;
    const child = spawn(process.execPath, ['--import', tsx, 'gateway.ts'], {
      cwd: dir,
      env: { ...process.env, HOME: home, MCPM_CONFIG_DIR: config, TOKEN: 'a-token-of-the-test' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk;
    });
    try {
      const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
      expect((await new HttpClient(url).post({})).status).toBe(401);
      const client = new HttpClient(url, { authorization: 'Bearer a-token-of-the-test' });
      await client.initialize({ clientInfo: { name: 'ada', version: '1' } });
      const { result } = await client.request('tools/list');
      const names = result.tools.map(({ name }: { name: string }) => name);
      expect(names).toContain('notes_echo');
      expect(names).not.toContain('notes_row_delete');
      const pids = [await client.call('files_pid'), await client.call('notes_pid')];
      await expect(client.call('notes_row_delete')).rejects.toThrow('Not here');
      expect(log).toMatch(/ada called files_pid in [\d.]+ ms/);
      const gone = once(child, 'exit');
      child.kill('SIGINT');
      await gone;
      expect(pids.filter((pid) => isAlive(Number(pid)))).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('carries types that a strict TypeScript program accepts', () => {
    writeFileSync(
      join(dir, 'use.ts'),
      "import { GlobalConfigManager, type Server } from 'mcpm';\nconst all: Server[] = await new GlobalConfigManager().listServers();\n// @ts-expect-error a server needs a name\nawait new GlobalConfigManager().addServer({ command: 'x' });\nexport { all };\n",
    );
    writeFileSync(
      join(dir, 'tsconfig.json'),
      '{"compilerOptions":{"strict":true,"module":"NodeNext","target":"ES2023","noEmit":true,"types":["node"],"typeRoots":[' +
        JSON.stringify(join(ROOT, 'node_modules/@types')) +
        ']},"files":["use.ts"]}',
    );
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', dir]);
  });
});
