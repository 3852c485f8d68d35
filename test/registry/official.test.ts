import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolve, search } from '../../src/registry/index.ts';
import { clocked, namesOf } from '../helpers/clocked.ts';
import { entry, manyEntries, npmEntry } from '../helpers/entries.ts';
import { serveOfficial } from '../helpers/official.ts';

const sampleFile = new URL('../fixtures/registry/official-sample.json', import.meta.url);
const sample = JSON.parse(readFileSync(sampleFile, 'utf8')) as {
  data: { servers: { name: string; version: string }[] };
};
const sampleEntries = sample.data.servers.map((server) => entry(server));

describe('the official registry', () => {
  it('is read page by page, and then only for what changed', async () => {
    const registry = await serveOfficial(manyEntries(250), 100);
    const { at } = clocked(registry.url);
    expect((await search(at(0), '')).total).toBe(250);
    expect(registry.requests).toEqual([
      'GET /v0.1/servers?limit=100&version=latest',
      'GET /v0.1/servers?limit=100&version=latest&cursor=100',
      'GET /v0.1/servers?limit=100&version=latest&cursor=200',
    ]);
    registry.requests.length = 0;
    expect((await search(at(0.5), '')).total).toBe(250);
    expect(registry.requests, 'fresh enough').toEqual([]);

    const later = new Date(Date.now() + 3_600_000).toISOString();
    const gone = registry.entries[0]?.server.name ?? '';
    registry.entries = [
      ...registry.entries.slice(1),
      entry({ name: gone }, { status: 'deleted', updatedAt: later }),
      entry(
        {
          name: 'com.acme/brandnew',
          packages: [
            {
              registryType: 'npm',
              identifier: 'brandnew',
              version: '1.0.0',
              transport: { type: 'stdio' },
            },
          ],
        },
        { updatedAt: later },
      ),
    ];
    const after = await search(at(2), '');
    expect(registry.requests).toHaveLength(1);
    expect(registry.requests[0]).toMatch(/updated_since=20\d\d-/);
    expect(namesOf(after)).toContain('com.acme/brandnew');
    expect(namesOf(after)).not.toContain(gone);
    expect(after.total).toBe(250);
  });

  it('merges many changes into the index without losing any', async () => {
    const all = manyEntries(1600);
    const registry = await serveOfficial(all.slice(0, 600), 100);
    const { at } = clocked(registry.url);
    await search(at(0), '');
    const later = new Date(Date.now() + 3_600_000).toISOString();
    registry.entries = all.map((one, index) =>
      index < 600 ? one : entry(one.server, { updatedAt: later }),
    );
    const result = await search(at(2), '', { refresh: true });
    expect(new Set(namesOf(result)).size).toBe(1600);
    const offline = await search(at(3), '', { offline: true });
    expect(offline.total).toBe(1600);
  });

  it('answers from its copy, and says so, when the registry cannot be reached', async () => {
    const registry = await serveOfficial([npmEntry('com.acme/weather', 'Forecasts')]);
    const { at } = clocked(registry.url);
    await search(at(0), 'weather');
    registry.interfere = (_request, response) => {
      response.destroy();
      return true;
    };
    const result = await search(at(2), 'weather');
    expect(namesOf(result)).toEqual(['com.acme/weather']);
    expect(result.notes.join()).toMatch(
      /registry: Cannot reach .*; showing the copy of 2026-01-02 03:04 UTC/,
    );
    registry.requests.length = 0;
    expect((await search(at(2.01), 'weather')).notes.join(), 'left alone for a while').toContain(
      'showing the copy',
    );
    expect(registry.requests).toEqual([]);
  });

  it('says so when there is no copy either', async () => {
    const { at } = clocked('http://127.0.0.1:9');
    const result = await search(at(0), 'x');
    expect(result).toMatchObject({ servers: [], total: 0 });
    expect(result.notes.join()).toContain('its servers are not shown');
  });

  it('keeps what it has read when a page fails, and goes on there next time', async () => {
    const registry = await serveOfficial(manyEntries(300), 100);
    const { at } = clocked(registry.url);
    registry.interfere = (_request, response, url) => {
      if (url.searchParams.get('cursor') !== '200') return false;
      response.writeHead(400).end();
      return true;
    };
    const first = await search(at(0), '');
    expect(first.total).toBe(200);
    expect(first.notes.join()).toContain('not complete yet');
    registry.interfere = undefined;
    registry.requests.length = 0;
    expect((await search(at(0.1), '')).total).toBe(300);
    expect(registry.requests).toEqual(['GET /v0.1/servers?limit=100&version=latest&cursor=200']);
  });

  it('asks the registry itself for names while its list is not read to the end', async () => {
    const registry = await serveOfficial(
      [...manyEntries(200), npmEntry('com.acme/needle', 'Sews')],
      100,
    );
    const { at } = clocked(registry.url);
    registry.interfere = (_request, response, url) => {
      if (!url.searchParams.has('cursor')) return false;
      response.writeHead(400).end();
      return true;
    };
    const found = await search(at(0), 'needle');
    expect(namesOf(found)[0]).toBe('com.acme/needle');
    expect(registry.requests.at(-1)).toBe(
      'GET /v0.1/servers?limit=100&version=latest&search=needle',
    );
  });

  it('begins again when a kept cursor is no longer accepted', async () => {
    const registry = await serveOfficial(manyEntries(300), 100);
    const { at } = clocked(registry.url);
    registry.interfere = (_request, response, url) => {
      if (!url.searchParams.has('cursor')) return false;
      response.writeHead(400).end();
      return true;
    };
    await search(at(0), '');
    let refused = 0;
    registry.interfere = (_request, response, url) => {
      if (url.searchParams.get('cursor') !== '100' || refused++ > 0) return false;
      response.writeHead(400).end();
      return true;
    };
    expect((await search(at(0.1), '')).total).toBe(300);
  });

  it('honours what the registry says of an entry', async () => {
    const registry = await serveOfficial([
      npmEntry('com.acme/alpha-notes', 'Notes'),
      {
        ...npmEntry('com.acme/old-notes', 'Notes'),
        ...entry(npmEntry('com.acme/old-notes', 'Notes').server, {
          status: 'deprecated',
          statusMessage: 'use alpha-notes',
        }),
      },
      entry(npmEntry('com.acme/gone-notes', 'Notes').server, { status: 'deleted' }),
    ]);
    const { at } = clocked(registry.url);
    const result = await search(at(0), 'notes');
    expect(namesOf(result), 'deprecated last, deleted not at all').toEqual([
      'com.acme/alpha-notes',
      'com.acme/old-notes',
    ]);
    expect(result.servers[1]?.status).toBe('deprecated');
    expect(await resolve(at(0), 'com.acme/old-notes')).toMatchObject({
      status_message: 'use alpha-notes',
    });
    await expect(resolve(at(0), 'com.acme/gone-notes')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('finds an exact version of an entry', async () => {
    const old = npmEntry('com.acme/weather', 'Forecasts', '1.0.0');
    const registry = await serveOfficial([
      entry(old.server, { isLatest: false }),
      npmEntry('com.acme/weather', 'Forecasts', '2.0.0'),
    ]);
    const { at } = clocked(registry.url);
    expect(await resolve(at(0), 'registry:com.acme/weather')).toMatchObject({ version: '2.0.0' });
    const pinned = await resolve(at(0), 'registry:com.acme/weather@1.0.0');
    expect(pinned).toMatchObject({
      version: '1.0.0',
      installations: { npm: { command: 'npx', args: ['-y', 'weather@1.0.0'] } },
      origin: { source: 'registry', reference: 'registry:com.acme/weather@1.0.0' },
    });
    await expect(resolve(at(0), 'com.acme/weather@9.9.9')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it.each(['changes-0-1.bin', 'manifests-0.jsonl', 'state.json'])(
    'reads the list anew when %s was cut off',
    async (name) => {
      const registry = await serveOfficial(manyEntries(150));
      const { at, dir } = clocked(registry.url);
      await search(at(0), '');
      const root = join(dir, '.mcpm/cache/registry');
      const file = join(root, readdirSync(root)[0] ?? '', name);
      truncateSync(file, 100);
      registry.requests.length = 0;
      expect((await search(at(0.1), '')).total).toBe(150);
      expect(registry.requests).toHaveLength(2);
    },
  );

  it('survives many searches at once', async () => {
    const registry = await serveOfficial(manyEntries(250));
    const { at } = clocked(registry.url);
    await Promise.all(Array.from({ length: 6 }, () => search(at(0), '')));
    expect((await search(at(0.1), '', { offline: true })).total).toBe(250);
  });

  it('takes no control characters into what it shows', async () => {
    const evil = npmEntry('com.acme/evil', 'a\u001b[2Jb\u009bc');
    const registry = await serveOfficial([evil]);
    const { at } = clocked(registry.url);
    expect((await search(at(0), 'evil')).servers[0]?.description).toBe('a[2Jbc');
    expect((await resolve(at(2), 'com.acme/evil')).description).toBe('a[2Jbc');
  });

  it('asks again for an entry whose copy is old, and makes do with the copy when it must', async () => {
    const registry = await serveOfficial([npmEntry('com.acme/weather', 'Forecasts', '1.0.0')]);
    const { at } = clocked(registry.url);
    await search(at(0), 'weather');
    registry.entries = [npmEntry('com.acme/weather', 'Forecasts', '2.0.0')];
    expect(await resolve(at(0.5), 'com.acme/weather')).toMatchObject({ version: '1.0.0' });
    expect(await resolve(at(2), 'com.acme/weather')).toMatchObject({ version: '2.0.0' });
    registry.interfere = (_request, response) => {
      response.destroy();
      return true;
    };
    expect(await resolve(at(2), 'com.acme/weather')).toMatchObject({ version: '1.0.0' });
  });

  it('takes every entry of a real sub-registry', async () => {
    const registry = await serveOfficial(sampleEntries, 5);
    const { at } = clocked(registry.url);
    const all = await search(at(0), '');
    expect(all).toMatchObject({ total: sampleEntries.length, notes: [] });
    expect(namesOf(await search(at(0), 'mysql'))[0]).toBe(
      'io.github.stacklok/adb-mysql-mcp-server',
    );
    expect(namesOf(await search(at(0), 'get_execution_plan'))[0], 'by a tool').toBe(
      'io.github.stacklok/adb-mysql-mcp-server',
    );
  });
});
