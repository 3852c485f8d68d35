import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { engineLimits, KNOWN_SETTINGS } from '../../src/config/index.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/index.ts';
import { makeHome } from '../helpers/home.ts';

test('every limit of the engine is a setting that says its default', () => {
  const rows = KNOWN_SETTINGS.filter(({ key }) => key.startsWith('engine.'));
  expect(rows.map(({ key }) => key.slice(7))).toEqual(Object.keys(DEFAULT_SETTINGS));
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) {
    const row = rows.find(({ key }) => key === `engine.${name}`);
    expect(row?.brief).toMatch(new RegExp(`\\(${value}( ms| bytes)?\\)$`));
  }
});

test('a limit that cannot be is said and left at its default; the others hold', () => {
  const home = makeHome();
  const stored = {
    'engine.maxDepth': 7,
    'engine.drainMs': '5',
    'engine.parkedMs': 1e12,
    usage: true,
  };
  expect(engineLimits(home.ctx, stored)).toEqual({ maxDepth: 7 });
  expect(home.stderr()).toContain('the setting engine.drainMs cannot be "5"; its default holds');
  expect(home.stderr()).toContain('the setting engine.parkedMs cannot be 1000000000000');
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS))
    expect(engineLimits(home.ctx, { [`engine.${name}`]: value })).toEqual({ [name]: value });
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
