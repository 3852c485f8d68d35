import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolve, search } from '../../src/registry/index.ts';
import { clocked, namesOf } from '../helpers/clocked.ts';
import { entry, npmEntry } from '../helpers/entries.ts';
import { makeHome } from '../helpers/home.ts';
import { sendJson, serve } from '../helpers/http.ts';
import { serveOfficial } from '../helpers/official.ts';

const fixture = (name: string) => new URL(`../fixtures/registry/${name}`, import.meta.url);
const mcpmServers = JSON.parse(readFileSync(fixture('mcpm-servers.json'), 'utf8'));
const sample = JSON.parse(readFileSync(fixture('official-sample.json'), 'utf8')) as {
  data: { servers: { name: string; version: string }[] };
};

describe('the MCPM registry', () => {
  it('is read whole, and asked with its validator afterwards', async () => {
    let changed = mcpmServers;
    const answers: number[] = [];
    const server = await serve((request, response) => {
      const etag = `"${Object.keys(changed).length}"`;
      const status = request.headers['if-none-match'] === etag ? 304 : 200;
      answers.push(status);
      if (status === 304) response.writeHead(304).end();
      else sendJson(response, changed, { etag });
    });
    const { at } = clocked(`${server.url}/api/servers.json`);
    expect((await search(at(0), '')).total).toBe(176);
    expect(namesOf(await search(at(0), 'sqlite', { limit: 2 }))).toContain('sqlite');
    expect((await search(at(2), '')).total).toBe(176);
    expect(answers).toEqual([200, 304]);
    const { time: _, ...rest } = mcpmServers;
    changed = rest;
    const after = await search(at(4), '');
    expect(after.total).toBe(175);
    expect(namesOf(after)).not.toContain('time');
  });
});

describe('several sources', () => {
  it('show a server once, from the first that has it', async () => {
    const registry = await serveOfficial([
      entry({
        name: 'io.github.modelcontextprotocol/filesystem',
        packages: [
          {
            registryType: 'npm',
            identifier: '@modelcontextprotocol/server-filesystem',
            version: '1.0.0',
            transport: { type: 'stdio' },
          },
        ],
      }),
      npmEntry('com.acme/filesystem-extra', 'More files'),
    ]);
    const home = makeHome();
    home.write(
      '.config/mcpm/config.json',
      JSON.stringify({ registries: ['catalogue', `team=${registry.url}`, 'lists'] }),
    );
    home.write('lists/a.json', JSON.stringify(mcpmServers['filesystem']));
    home.write('lists/b.json', JSON.stringify([mcpmServers['time'], sample.data.servers[0]]));
    const found = await search(home.ctx, 'filesystem', { limit: 3 });
    expect(found.servers[0]).toMatchObject({
      name: 'filesystem',
      source: 'catalogue',
      also: ['team', 'files'],
    });
    expect(namesOf(found)).toContain('com.acme/filesystem-extra');
    expect(namesOf(found)).not.toContain('io.github.modelcontextprotocol/filesystem');
    expect(await resolve(home.ctx, 'filesystem')).toMatchObject({
      origin: { source: 'catalogue', also: ['files'] },
    });
    expect(await resolve(home.ctx, 'files:filesystem')).toMatchObject({
      origin: { reference: 'files:filesystem' },
    });
    expect(namesOf(await search(home.ctx, 'adb mysql'))[0]).toBe(
      'io.github.stacklok/adb-mysql-mcp-server',
    );
  });

  it('show apart what only has a bridge, or a port of this machine, in common', async () => {
    const one = (name: string, word: string, url: string) => ({
      name,
      display_name: name,
      description: 'Weather',
      repository: { type: 'git', url: '' },
      license: 'MIT',
      installations: {
        npm: { type: 'npm', command: 'npx', args: ['-y', 'mcp-remote', word] },
        http: { type: 'http', url },
      },
    });
    const home = makeHome();
    home.write(
      'a.json',
      JSON.stringify(one('rain', 'https://rain.test/mcp', 'http://localhost:80')),
    );
    home.write(
      'b.json',
      JSON.stringify(one('snow', 'https://snow.test/mcp', 'http://localhost:80')),
    );
    home.write(
      'c.json',
      JSON.stringify(one('wet', 'https://rain.test/mcp', 'https://wet.test/mcp')),
    );
    home.write('d.json', JSON.stringify(one('damp', 'https://damp.test/', 'https://wet.test/mcp')));
    const registries = ['one=a.json', 'two=b.json', 'three=c.json', 'four=d.json'];
    home.write('.config/mcpm/config.json', JSON.stringify({ registries }));
    const { servers } = await search(home.ctx, 'weather');
    expect(servers.map(({ name, also }) => [name, also])).toEqual([
      ['rain', ['three', 'four']],
      ['snow', []],
    ]);
  });

  it('do without one that cannot be read, and say so', async () => {
    const home = makeHome();
    home.write('broken.json', '{');
    const registries = ['catalogue', 'mine=nowhere', 'broken=broken.json'];
    home.write('.config/mcpm/config.json', JSON.stringify({ registries }));
    const { servers, notes } = await search(home.ctx, 'filesystem');
    expect(servers[0]).toMatchObject({ name: 'filesystem', source: 'catalogue' });
    expect(notes.toSorted()).toEqual([
      expect.stringMatching(/^broken: .*broken\.json:1:2.*; its servers are not shown$/),
      expect.stringMatching(/^mine: The source mine names .*nowhere, which is not there; its serv/),
    ]);
  });

  it.each([
    [['catalogue', 'catalogue'], 'two sources are called catalogue'],
    [[{ id: 'X y', kind: 'official', location: 'http://h' }], 'needs an id'],
    [[{ id: 'x', kind: 'nope' }], 'and a kind'],
    [[{ id: 'x', kind: 'official' }], 'x needs a location'],
  ])('refuses the setting %j', async (registries, complaint) => {
    const home = makeHome();
    home.write('.config/mcpm/config.json', JSON.stringify({ registries }));
    await expect(search(home.ctx, 'x')).rejects.toThrow(complaint);
  });
});

describe('searching', () => {
  it.each([
    ['a beginning of a word', 'redi', 'redis'],
    ['its whole name, before longer ones', 'excel', 'excel'],
    ['its whole name, even when it is archived', 'sqlite', 'sqlite'],
    ['a word with a typo', 'filesytem', 'filesystem'],
    ['swapped letters', 'gihtub', 'github'],
    ['two typos in a long word', 'kuberntees', 'kubernetes'],
    ['several words', 'knowledge graph memory', 'memory'],
    ['a name', 'time', 'time'],
    ['the name of a package', 'mcp-server-time', 'time'],
    ['the name of a scoped package', '@modelcontextprotocol/server-memory', 'memory'],
  ])('finds by %s', async (_by, query, expected) => {
    const home = makeHome();
    home.write('.config/mcpm/config.json', JSON.stringify({ registries: ['catalogue'] }));
    expect(namesOf(await search(home.ctx, query, { limit: 1 }))).toEqual([expected]);
  });

  it('narrows by category, way to install and publisher', async () => {
    const home = makeHome();
    home.write('.config/mcpm/config.json', JSON.stringify({ registries: ['catalogue'] }));
    const all = await search(home.ctx, '');
    const category = all.servers[0]?.categories[0] ?? '';
    for (const [options, holds] of [
      [{ category }, ({ categories }) => categories.includes(category)],
      [{ type: 'uvx' }, ({ types }) => types.includes('uvx')],
      [{ official: true }, ({ official }) => official],
    ] as [object, (one: (typeof all.servers)[number]) => boolean][]) {
      const some = await search(home.ctx, '', options);
      expect(some.total).toBeGreaterThan(0);
      expect(some.total).toBe(all.servers.filter(holds).length);
      expect(some.servers.every(holds)).toBe(true);
    }
  });
});
