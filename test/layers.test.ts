import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAYERS, type Layer } from '../scripts/layers.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folders = Object.keys(LAYERS);
const packageOf = (name: string) => name.replace(/\/\*$/, '/client');

/** One planted file, and the rule it breaks (or none). */
interface Plant {
  readonly file: string;
  readonly text: string;
  readonly rule: string | undefined;
}

/** Each rule of the table as a violation, and each permission as its opposite. */
function plants(): Plant[] {
  return folders.flatMap((folder) => {
    const { imports, libraries, system } = LAYERS[folder] as Layer;
    const others = folders.filter((other) => other !== folder && other !== 'platform');
    const plant = (name: string, text: string, rule?: string): Plant => ({
      file: `src/${folder}/zz-${name}.ts`,
      text,
      rule,
    });
    const restricted = 'lint/style/noRestrictedImports';
    return [
      ...others.map((other) =>
        plant(
          `folder-${other}`,
          `import { x } from '../${other}/zz.ts';\nexport const y = x;\n`,
          imports.includes(other) ? undefined : restricted,
        ),
      ),
      ...new Set(Object.values(LAYERS).flatMap((layer) => layer.libraries)),
    ]
      .flatMap((entry) => {
        if (typeof entry !== 'string') return [entry];
        const text = `import * as x from '${packageOf(entry)}';\nexport const y = x;\n`;
        return [
          plant(
            `library-${entry.replace(/\W+/g, '-')}`,
            text,
            libraries.includes(entry) ? undefined : restricted,
          ),
        ];
      })
      .concat(
        ['node:fs', 'node:fs/promises', 'node:child_process'].map((name) =>
          plant(
            `system-${name.replace(/\W+/g, '-')}`,
            `import * as x from '${name}';\nexport const y = x;\n`,
            system === 'all' || (system && name === 'node:child_process') ? undefined : restricted,
          ),
        ),
        plant(
          'looks',
          "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n",
          system ? undefined : restricted,
        ),
        plant(
          'writes',
          "import { writeFileSync } from 'node:fs';\nexport const y = writeFileSync;\n",
          system === 'all' ? undefined : restricted,
        ),
        plant(
          'home',
          "import { homedir } from 'node:os';\nexport const y = homedir;\n",
          restricted,
        ),
        plant('main', `import { x } from '../main.ts';\nexport const y = x;\n`, restricted),
        plant(
          'env',
          'export const y = process.env.HOME;\n',
          folder === 'platform' ? undefined : 'lint/style/noProcessEnv',
        ),
        plant(
          'process',
          'export const y = process.argv;\n',
          folder === 'platform' ? undefined : 'lint/correctness/noProcessGlobal',
        ),
        plant('console', "console.log('x');\n", 'lint/suspicious/noConsole'),
      );
  });
}

/** A file that writes to the output by itself instead of returning data. */
const LOUD = 'export const y = (ctx: { stdout: object }) => ctx.stdout;\n';
/** Where output is written: rendering, prompts, and the protocol. */
const MAY_WRITE = ['engine', 'platform'];
const loudFiles = [
  'src/cli/commands/zz-loud.ts',
  ...folders.map((folder) => `src/${folder}/zz-loud.ts`),
];

describe('the layering rules', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-layers-'));
  const found = new Map<string, Set<string>>();

  beforeAll(() => {
    for (const name of ['biome.json', 'lint', 'package.json', 'tsconfig.json'])
      cpSync(join(ROOT, name), join(dir, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
    const loud = loudFiles.map((file) => ({ file, text: LOUD }));
    for (const { file, text } of [...plants(), ...loud]) {
      mkdirSync(join(dir, file, '..'), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    let report: string;
    try {
      report = execFileSync(
        join(ROOT, 'node_modules/.bin/biome'),
        ['lint', '--reporter=json', '--max-diagnostics=none', 'src'],
        { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
      );
    } catch (error) {
      report = (error as { stdout: string }).stdout;
    }
    for (const { category, location } of JSON.parse(report).diagnostics) {
      const file = typeof location.path === 'string' ? location.path : location.path.file;
      found.set(file, (found.get(file) ?? new Set()).add(category));
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each(folders)(
    'are enforced in src/%s: each planted violation fails, each permitted import passes',
    (folder) => {
      const ruled = [
        'lint/style/noRestrictedImports',
        'lint/style/noProcessEnv',
        'lint/correctness/noProcessGlobal',
        'lint/suspicious/noConsole',
      ];
      for (const { file, rule } of plants().filter((plant) =>
        plant.file.startsWith(`src/${folder}/`),
      )) {
        const broken = [...(found.get(file) ?? [])].filter((category) => ruled.includes(category));
        if (rule === undefined) expect(broken, file).toEqual([]);
        else expect(broken, file).toContain(rule);
      }
    },
  );

  it.each(loudFiles)('say who may write to the output itself: %s', (file) => {
    const may = MAY_WRITE.some((folder) => file.startsWith(`src/${folder}/`));
    expect(found.get(file)?.has('plugin') ?? false).toBe(!may);
  });
});
