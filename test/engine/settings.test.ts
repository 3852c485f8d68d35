import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KNOWN_SETTINGS } from '../../src/config/index.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/index.ts';

test('every limit of the engine is a setting that says its default', () => {
  const rows = KNOWN_SETTINGS.filter(({ key }) => key.startsWith('engine.'));
  expect(rows.map(({ key }) => key.slice(7))).toEqual(Object.keys(DEFAULT_SETTINGS));
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) {
    const row = rows.find(({ key }) => key === `engine.${name}`);
    expect(row?.brief).toMatch(new RegExp(`\\(${value}( ms| bytes)?\\)$`));
  }
});

test('the way of a message between two processes loads neither the SDK nor zod', () => {
  const seen = new Set<string>();
  const foreign: string[] = [];
  const visit = (url: URL) => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = readFileSync(url, 'utf8');
    for (const [statement, target = ''] of source.matchAll(
      /^(?:im|ex)port [^;]*?from '([^']+)';/gm,
    )) {
      if (/^(im|ex)port type /.test(statement)) continue;
      if (target.startsWith('.')) visit(new URL(target, url));
      else if (!target.startsWith('node:')) foreign.push(`${url.pathname}: ${target}`);
    }
  };
  for (const entry of [
    'engine/gateway.ts',
    'engine/pass-through/serve.ts',
    'usage/recorder.ts',
    'config/servers.ts',
  ]) {
    visit(new URL(`../../src/${entry}`, import.meta.url));
  }
  expect(foreign.filter((line) => /zod|@modelcontextprotocol/.test(line))).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});
