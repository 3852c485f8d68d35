import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run new:client, in a copy of the project', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-new-client-'));
  const read = (path: string) => readFileSync(join(dir, path), 'utf8');
  const node = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  const scaffold = (key: string) => node('scripts/new-client.mjs', key);

  beforeAll(() => {
    for (const path of [
      'src',
      'test/clients',
      'test/helpers',
      'test/fixtures/clients',
      'scripts',
      'docs',
      'lint',
    ])
      cpSync(join(ROOT, path), join(dir, path), { recursive: true });
    for (const path of [
      'package.json',
      'tsconfig.json',
      'biome.json',
      'vitest.config.ts',
      'llm.txt',
    ])
      cpSync(join(ROOT, path), join(dir, path));
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
    execFileSync('git', ['init', '-q'], { cwd: dir });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('makes row, fixture, registration and docs at once', () => {
    const { status, stderr, stdout } = scaffold('9-lives-ai');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('src/clients/rows/9-lives-ai.ts');
    expect(read('src/clients/rows/index.ts')).toContain("'9-lives-ai': client9LivesAi,");
    expect(read('src/clients/keys.ts')).toContain("  '9-lives-ai',\n] as const");
    expect(read('test/fixtures/clients/files.txt')).toContain('/home/ada/.9-lives-ai/mcp.json');
    expect(read('docs/clients.md')).toContain('## 9-lives-ai');
  });

  it('passes the tests of clients at once, but for the facts that a person has to fill in', () => {
    const report = join(dir, 'report.json');
    node(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'fast',
      'test/clients/rows',
      'test/clients/edits',
      'test/clients/detect',
      '--reporter=json',
      `--outputFile=${report}`,
    );
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { assertionResults: { status: string; fullName: string }[] }[];
    };
    const tests = testResults.flatMap((file) => file.assertionResults);
    expect(tests.filter((each) => each.fullName.includes('9-lives-ai')).length).toBeGreaterThan(8);
    expect(tests.filter((each) => each.status === 'failed').map((each) => each.fullName)).toEqual([
      '9-lives-ai its row is filled in',
    ]);
  });

  it('is lint-clean and typed', () => {
    const biome = spawnSync(
      'npx',
      ['--no-install', 'biome', 'check', '--error-on-warnings', 'src/clients'],
      { cwd: dir, encoding: 'utf8' },
    );
    expect(biome.status, biome.stdout + biome.stderr).toBe(0);
    expect(node('node_modules/typescript/bin/tsc', '-p', '.').stdout).not.toContain('src/clients');
  });

  it('refuses a key that is taken, and one that is no key', () => {
    expect(scaffold('cursor')).toMatchObject({ status: 1, stderr: 'cursor is there already\n' });
    expect(scaffold('No Key').status).toBe(1);
    expect(scaffold('').stderr).toContain('usage: npm run new:client');
  });
});
