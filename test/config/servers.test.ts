import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOf, readServers, updateServers } from '../../src/config/index.ts';
import { GlobalConfigManager, McpmError, ProfileConfigManager } from '../../src/index.ts';
import { makeHome } from '../helpers/home.ts';

const V2 = readFileSync(new URL('../fixtures/v2/servers.json', import.meta.url), 'utf8');
const FILE = '.config/mcpm/servers.json';

describe('a servers.json of MCPM v2', () => {
  it('is read in all three kinds', async () => {
    const home = makeHome();
    home.write(FILE, V2);
    const servers = await readServers(home.ctx);
    expect(Object.values(servers).map(kindOf)).toEqual(['stdio', 'remote', 'custom', 'stdio']);
    expect(servers.bare).toMatchObject({ profile_tags: [], args: [], env: {} });
  });

  it('is written back with nothing lost: untouched servers, unknown fields, order', async () => {
    const home = makeHome();
    home.write(FILE, V2);
    await updateServers(home.ctx, (all) => ({
      ...all,
      extra: { name: 'extra', profile_tags: [], command: 'x', args: [], env: {} },
    }));
    const { extra, ...rest } = JSON.parse(home.read(FILE));
    expect(rest).toEqual(JSON.parse(V2));
    expect(Object.keys(rest)).toEqual(Object.keys(JSON.parse(V2)));
    expect(extra.command).toBe('x');
  });

  it('keeps the unknown fields of a server that is changed', async () => {
    const home = makeHome();
    home.write(FILE, V2);
    await updateServers(home.ctx, (all) => ({
      ...all,
      time: { ...all.time, command: 'npx' } as never,
    }));
    expect(JSON.parse(home.read(FILE)).time).toEqual({ ...JSON.parse(V2).time, command: 'npx' });
  });
});

describe('the file', () => {
  it.each([
    ['a syntax error', '{"a": {', 'CONFIG_SYNTAX', 1, 8],
    ['a list', '\n  []', 'CONFIG_SHAPE', 2, 3],
    ['a server that is none', '{"a": {"command": "x"},\n "b": 5}', 'CONFIG_SHAPE', 2, 7],
    ['a server without command and URL', '{"a": {"name": "a"}}', 'CONFIG_SHAPE', 1, 7],
    [
      'an environment of numbers',
      '{"a": {"command": "x",\n"env": {"A": 1}}}',
      'CONFIG_SHAPE',
      2,
      14,
    ],
  ])(
    'with %s is refused with its place and stays byte for byte',
    async (_, text, code, line, column) => {
      const home = makeHome();
      const path = home.write(FILE, text);
      const add = new GlobalConfigManager({ home: home.dir, env: home.ctx.env }).addServer({
        name: 'n',
        command: 'x',
      });
      const error = await add.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(McpmError);
      expect(error).toMatchObject({ code, data: { file: path, line, column } });
      expect(home.read(FILE)).toBe(text);
    },
  );

  it('that is not UTF-8 is refused and stays', async () => {
    const home = makeHome();
    const path = home.write(FILE, '');
    const bytes = Buffer.from('7b2261223a22ff227d', 'hex');
    writeFileSync(path, bytes);
    await expect(readServers(home.ctx)).rejects.toMatchObject({ code: 'CONFIG_SYNTAX' });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('that is a directory is refused', async () => {
    const home = makeHome();
    mkdirSync(join(home.dir, FILE), { recursive: true });
    await expect(readServers(home.ctx)).rejects.toMatchObject({ code: 'CONFIG_ACCESS' });
  });

  it('is private to the user when it is new, and keeps its mode when it is not', async () => {
    const home = makeHome();
    const manager = new GlobalConfigManager({ home: home.dir, env: home.ctx.env });
    await manager.addServer({ name: 'a', command: 'x' });
    expect(statSync(home.ctx.paths.servers).mode & 0o777).toBe(0o600);
    expect(statSync(home.ctx.paths.configDir).mode & 0o777).toBe(0o700);
    chmodSync(home.ctx.paths.servers, 0o640);
    await manager.addServer({ name: 'b', command: 'x' });
    expect(statSync(home.ctx.paths.servers).mode & 0o777).toBe(0o640);
  });

  it('behind a symbolic link is written where the link leads', async () => {
    const home = makeHome();
    const real = home.write('dotfiles/servers.json', '{}');
    mkdirSync(home.ctx.paths.configDir, { recursive: true });
    symlinkSync(real, home.ctx.paths.servers);
    await new GlobalConfigManager({ home: home.dir, env: home.ctx.env }).addServer({
      name: 'a',
      command: 'x',
    });
    expect(JSON.parse(readFileSync(real, 'utf8'))).toHaveProperty('a');
    expect(readFileSync(home.ctx.paths.servers, 'utf8')).toBe(readFileSync(real, 'utf8'));
  });
});

describe('the library', () => {
  it('offers what the managers promise', async () => {
    const home = makeHome();
    const world = { home: home.dir, env: home.ctx.env };
    const config = new GlobalConfigManager(world);
    const profiles = new ProfileConfigManager(world);
    await config.addServer({ name: 'browse', command: 'npx', args: ['-y', 'browse'] });
    await config.addServer({ name: 'docs', url: 'https://docs.example.com/mcp' });
    await profiles.createProfile('web-dev');
    await profiles.addServerToProfile('web-dev', 'browse');
    expect((await config.listServers()).map((server) => server.name)).toEqual(['browse', 'docs']);
    expect(await profiles.getProfile('web-dev')).toEqual({
      name: 'web-dev',
      description: null,
      servers: ['browse'],
    });
    await profiles.renameProfile('web-dev', 'web');
    await profiles.removeServerFromProfile('web', 'browse');
    await profiles.deleteProfile('web');
    expect(await profiles.listProfiles()).toEqual([]);
    await config.removeServer('docs');
    await expect(config.getServer('docs')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      exitCode: 10,
    });
    await expect(config.addServer({ name: 'browse', command: 'x' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});
