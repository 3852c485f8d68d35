import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/registry/catalogue/index.ts';
import type { Installation, Manifest } from '../../../src/registry/manifest.ts';
import { parseManifest } from '../../../src/registry/manifest-schema.ts';
import { STARTABLE, sampleOfTen } from './startable.ts';

const root = join(import.meta.dirname, '../../..');
const servers = await loadCatalogue();
const order = (a: string, b: string) => (a < b ? -1 : 1);
const byName = new Map(servers.map((server) => [server.name, server]));

const recommendedOf = (server: Manifest): Installation => {
  const ways = Object.values(server.installations);
  const way = ways.find(({ recommended }) => recommended) ?? ways[0];
  if (way === undefined) throw new Error(`${server.name} has no installation`);
  return way;
};

/** Every `${NAME}` in what an installation runs or calls. */
const namesIn = (way: Installation): string[] => {
  const words = (way.args ?? []).flatMap((item) => (typeof item === 'string' ? item : item.words));
  const texts = [...words, ...Object.values({ ...way.env, ...way.headers }), way.url ?? ''];
  return texts.flatMap((text) =>
    [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? ''),
  );
};

describe('the embedded catalogue', () => {
  it('has at least 60 servers, each in a file of its name', () => {
    expect(servers.length).toBeGreaterThanOrEqual(60);
    const files = readdirSync(join(root, 'src/registry/catalogue/servers'));
    expect(files.toSorted()).toEqual(servers.map(({ name }) => `${name}.json`).toSorted());
  });

  it('is sorted by name, and its list of imports is fresh', () => {
    expect(servers.map(({ name }) => name)).toEqual([...byName.keys()].sort());
    execFileSync(process.execPath, [join(root, 'scripts/catalogue.mjs'), '--check']);
  });

  it.each([
    'everything',
    'fetch',
    'filesystem',
    'git',
    'github',
    'memory',
    'sequential-thinking',
    'sqlite',
    'time',
    'playwright',
    'context7',
    'postgres',
    'notion',
    'slack',
    'brave-search',
    'puppeteer',
  ])('knows %s, a name that people type', (name) => {
    expect(byName.has(name)).toBe(true);
  });

  it.each(servers)('$name fits the schema and says what a user decides on', (server) => {
    expect(parseManifest(server, server.name)).toEqual(server);
    expect(server.name).toMatch(/^[a-z0-9-]+$/);
    expect(server.description.length).toBeGreaterThan(40);
    expect(server.description.length).toBeLessThan(260);
    expect(server.description).toMatch(/\.$/);
    expect(server.homepage).toMatch(/^https:\/\//);
    expect(server.license).toBeTruthy();
    expect(server.author?.name).toBeTruthy();
    expect(server.categories).toHaveLength(1);
    expect(server.tags?.length).toBeGreaterThan(1);
    expect(new Set(server.tags).size).toBe(server.tags?.length);
    expect(server.origin).toBeUndefined();
  });

  it.each(servers)(
    '$name declares each argument that it uses, and uses each that it declares',
    (server) => {
      const ways = Object.values(server.installations);
      const used = new Set(ways.flatMap(namesIn));
      expect([...used].toSorted(order)).toEqual(
        Object.keys(server.arguments ?? {}).toSorted(order),
      );
      expect(ways.filter(({ recommended }) => recommended)).toHaveLength(1);
      for (const argument of Object.values(server.arguments ?? {})) {
        expect(argument.description).not.toBe('');
        const shown = argument.example ?? argument.choices ?? argument.default ?? argument.format;
        if (argument.required && !argument.secret) expect(shown).toBeDefined();
      }
    },
  );

  it.each(servers)(
    '$name keeps secrets out of command lines, but for connection strings',
    (server) => {
      for (const way of Object.values(server.installations)) {
        const inWords = namesIn({ type: way.type, args: way.args ?? [] });
        const secret = inWords.filter((name) => server.arguments?.[name]?.secret);
        expect(
          secret.filter((name) => !/^(POSTGRES_URL|DSN|REDIS_URL|API_HEADERS)$/.test(name)),
        ).toEqual([]);
      }
    },
  );

  it('has at least 25 servers that start from npm or PyPI without an account', () => {
    expect(Object.keys(STARTABLE).length).toBeGreaterThanOrEqual(25);
    for (const [name, values] of Object.entries(STARTABLE)) {
      const server = byName.get(name);
      if (server === undefined) throw new Error(`${name} is not in the catalogue`);
      expect(['npm', 'uvx']).toContain(recommendedOf(server).type);
      const required = namesIn(recommendedOf(server)).filter(
        (key) => server.arguments?.[key]?.required,
      );
      expect(Object.keys(values)).toEqual(expect.arrayContaining(required));
      expect(required.filter((key) => server.arguments?.[key]?.secret)).toEqual([]);
    }
    expect(sampleOfTen()).toHaveLength(10);
  });
});
