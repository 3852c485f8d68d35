import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseManifest } from '../../src/registry/manifest-schema.ts';

const real = JSON.parse(
  readFileSync(new URL('../fixtures/registry/mcpm-servers.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

test('accepts every manifest of the MCPM registry as it is', () => {
  for (const [name, value] of Object.entries(real)) {
    expect(parseManifest(value, name), name).toMatchObject({ name });
  }
  expect(Object.keys(real)).toHaveLength(176);
});

test('keeps fields it does not know', () => {
  const manifest = { ...(real['time'] as object), 'x-vendor': { a: 1 } };
  expect(parseManifest(manifest, 'time')).toEqual(manifest);
});

test('names every wrong field at once, with where it was read', () => {
  expect(() => parseManifest({ name: 'a b', description: 3, installations: {} }, 'x.json')).toThrow(
    /x\.json is no server manifest: name: .*display_name: .*description: .*installations: needs at least one/,
  );
});

test('refuses an installation that can neither be started nor reached', () => {
  const manifest = { ...(real['time'] as object), installations: { x: { type: 'npm' } } };
  expect(() => parseManifest(manifest, 'x')).toThrow(/installations\.x: needs a command or a url/);
});
