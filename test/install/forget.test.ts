import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSecrets } from '../../src/secrets/index.ts';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

const stdio = (name: string, env: Record<string, string>) => ({
  [name]: { name, profile_tags: [], command: 'x', args: [], env },
});

async function installed() {
  const home = makeHome();
  const servers = {
    ...stdio('a', { OWN: '${secret:a/OWN}', SHARED: '${secret:shared}' }),
    ...stdio('b', { SHARED: '${secret:shared}' }),
  };
  home.write('.config/mcpm/servers.json', JSON.stringify(servers));
  home.write('.config/mcpm/resolved.json', '{"a": {"version": "1"}, "b": {"version": "2"}}');
  home.write('.config/mcpm/sources.json', '{"a": {"type": "npx"}, "b": {"type": "uvx"}}');
  home.write('.mcpm/servers/a/checkout/index.js', '1');
  home.write('.mcpm/servers/b/metadata.json', '{}');
  const store = await openSecrets(home.ctx);
  await store.set('a/OWN', '1');
  await store.set('shared', '2');
  return { home, store };
}

describe('what is kept for a server', () => {
  it('removes records, files and the secrets nobody else uses', async () => {
    const { home, store } = await installed();
    expect((await runCli(home, 'uninstall a --yes --json')).json()).toMatchObject({
      removed: true,
      secrets: ['a/OWN'],
    });
    expect(await store.list()).toEqual(['shared']);
    expect(JSON.parse(home.read('.config/mcpm/resolved.json'))).toEqual({ b: { version: '2' } });
    expect(JSON.parse(home.read('.config/mcpm/sources.json'))).toEqual({ b: { type: 'uvx' } });
    expect(existsSync(join(home.dir, '.mcpm/servers/a'))).toBe(false);
    expect(existsSync(join(home.dir, '.mcpm/servers/b'))).toBe(true);
  });

  it('succeeds with a warning when the secrets cannot be read', async () => {
    const { home } = await installed();
    home.write('.config/mcpm/secrets/secrets.json', 'damaged');
    const result = await runCli(home, 'uninstall a --yes');
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('Something of a is left behind');
    expect(home.read('.config/mcpm/secrets/secrets.json')).toBe('damaged');
    expect(existsSync(join(home.dir, '.mcpm/servers/a'))).toBe(false);
  });

  it('follows a server to its new name, and is removed under it', async () => {
    const { home } = await installed();
    const program = join(home.dir, '.mcpm/servers/a/checkout/index.js');
    await runCli(home, ['edit', 'a', '--command', 'node', '--args', program]);
    await runCli(home, 'edit a --name c');
    expect(Object.keys(JSON.parse(home.read('.config/mcpm/resolved.json')))).toEqual(['b', 'c']);
    expect(JSON.parse(home.read('.config/mcpm/sources.json')).c).toEqual({ type: 'npx' });
    await runCli(home, ['new', 'd', '--type', 'stdio', '--command', 'node', '--args', program]);
    await runCli(home, 'uninstall c --yes');
    expect(existsSync(program)).toBe(true);
    await runCli(home, 'uninstall d --yes');
    expect(existsSync(join(home.dir, '.mcpm/servers/a'))).toBe(false);
    expect(existsSync(join(home.dir, '.mcpm/servers/b'))).toBe(true);
  });

  it('removes no folder outside of its own, whatever a server is called', async () => {
    const home = makeHome();
    home.write('.mcpm/precious.txt', 'x');
    home.write('.config/mcpm/servers.json', JSON.stringify(stdio('..', {})));
    expect((await runCli(home, 'uninstall .. --yes')).exitCode).toBe(0);
    expect(home.read('.mcpm/precious.txt')).toBe('x');
  });

  it('touches nothing with --dry-run', async () => {
    const { home, store } = await installed();
    await runCli(home, 'uninstall a --dry-run');
    expect(await store.list()).toEqual(['a/OWN', 'shared']);
    expect(existsSync(join(home.dir, '.mcpm/servers/a'))).toBe(true);
  });
});
