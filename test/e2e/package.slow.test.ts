import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
