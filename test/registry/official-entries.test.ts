import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolve, search, versionsOf } from '../../src/registry/index.ts';
import { clocked } from '../helpers/clocked.ts';
import { entry, manyEntries, npmEntry } from '../helpers/entries.ts';
import { makeHome } from '../helpers/home.ts';
import { serveOfficial } from '../helpers/official.ts';

describe('an entry of the official registry', () => {
  it('names the versions there are when one is missing, and no deleted entry', async () => {
    const registry = await serveOfficial([
      npmEntry('com.acme/weather', 'Forecasts', '1.0.0'),
      entry({ name: 'com.acme/weathers' }, { status: 'deleted' }),
    ]);
    const { at } = clocked(registry.url);
    await expect(resolve(at(0), 'com.acme/weather@9.0.0')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'com.acme/weather has no version 9.0.0 in any registry',
      hint: 'There are 1.0.0',
    });
    await search(at(0), 'weather');
    const { hint } = await resolve(at(0), 'com.acme/weathers').catch((error) => error);
    expect(hint).toBe('Did you mean com.acme/weather?');
  });

  it('lists versions newest first, whatever their order, without deleted ones', async () => {
    const at = (version: string, day: string, more = {}) =>
      entry(
        { name: 'com.acme/x', version },
        { updatedAt: `2026-01-${day}T00:00:00Z`, isLatest: false, ...more },
      );
    const registry = await serveOfficial([
      at('1.1.0', '02'),
      at('2.0.0', '03', { isLatest: true }),
      at('1.0.9', '04'),
      at('1.5.0', '05', { status: 'deleted' }),
      at('1.0.0', '01'),
    ]);
    const { ctx } = makeHome({ env: { MCPM_REGISTRY_URL: registry.url } });
    const origin = { source: 'registry', reference: 'registry:com.acme/x' };
    const manifest = { name: 'com.acme/x', display_name: 'x', description: '', installations: {} };
    expect(await versionsOf(ctx, { ...manifest, origin })).toEqual([
      '2.0.0',
      '1.0.9',
      '1.1.0',
      '1.0.0',
    ]);
  });

  it('says that it could not be asked rather than that it has no such entry', async () => {
    const { at } = clocked('http://127.0.0.1:9/');
    await expect(resolve(at(0), 'com.acme/weather')).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('com.acme/weather was not found. Cannot reach the registry'),
    });
  });
});

describe('a copy whose content was lost in a power failure', () => {
  it.each(['changes-0-1.bin', 'manifests-0.jsonl'])(
    'is thrown away and fetched again: %s',
    async (name) => {
      const registry = await serveOfficial(manyEntries(150));
      const { at, dir } = clocked(registry.url);
      await search(at(0), '');
      const root = join(dir, '.mcpm/cache/registry');
      const file = join(root, readdirSync(root)[0] ?? '', name);
      const bytes = readFileSync(file);
      const from = Math.floor(bytes.length / 2);
      writeFileSync(file, bytes.fill(0, from, from + 4096));
      await search(at(0.1), '');
      const changed = registry.entries[0]?.server ?? { name: '', version: '' };
      registry.entries[0] = entry(changed, { updatedAt: new Date(Date.now() + 1e6).toISOString() });
      await search(at(2), changed.name);
      expect((await search(at(2.1), '')).total).toBe(150);
      expect(await resolve(at(2.1), changed.name)).toMatchObject({ name: changed.name });
    },
  );
});
