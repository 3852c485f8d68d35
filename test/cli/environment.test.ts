import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ENVIRONMENT } from '../../src/cli/environment.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

it('documents every variable of its own that the program reads, and no other', () => {
  const read = new Set<string>();
  for (const file of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('cli/environment.ts')) continue;
    const text = readFileSync(join(SRC, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/env(?:\.|\[')(MCPM_[A-Z_]+)/g)) read.add(name);
  }
  const documented = ENVIRONMENT.map(({ name }) => name).filter((name) => name.startsWith('MCPM_'));
  expect(documented).toEqual(expect.arrayContaining([...read]));
  for (const name of documented.filter((candidate) => !candidate.includes('<'))) {
    expect([...read], `${name} is documented and never read`).toContain(name);
  }
});
