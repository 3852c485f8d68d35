import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';

async function homeWithServers(): Promise<TestHome> {
  const home = makeHome();
  for (const name of ['time', 'memory', 'fs']) await runCli(home, `new ${name} --command ${name}`);
  return home;
}

function tags(home: TestHome): Record<string, string[]> {
  const servers = JSON.parse(home.read('.config/mcpm/servers.json')) as Record<
    string,
    { profile_tags: string[] }
  >;
  return Object.fromEntries(
    Object.entries(servers).map(([name, { profile_tags }]) => [name, profile_tags]),
  );
}

describe('mcpm profile', () => {
  it('creates a profile in the file and shape of MCPM v2', async () => {
    const home = makeHome();
    await runCli(home, ['profile', 'create', 'web', '--description', 'for the web']);
    expect(JSON.parse(home.read('.config/mcpm/profiles_metadata.json'))).toEqual({
      web: { name: 'web', api_key: null, description: 'for the web' },
    });
    expect((await runCli(home, 'profile create web')).exitCode).toBe(11);
    expect((await runCli(home, 'profile create a/b')).exitCode).toBe(12);
    expect((await runCli(home, 'profile create', { answers: ['asked'] })).exitCode).toBe(0);
    expect((await runCli(home, 'profile create')).exitCode).toBe(2);
  });

  it('adds, removes and sets servers as tags', async () => {
    const home = await homeWithServers();
    await runCli(home, 'profile create web');
    await runCli(home, 'profile edit web --add-server time,memory');
    expect(tags(home)).toEqual({ time: ['web'], memory: ['web'], fs: [] });
    await runCli(home, 'profile edit web --remove-server time --add-server fs');
    expect(tags(home)).toEqual({ time: [], memory: ['web'], fs: ['web'] });
    const result = await runCli(home, 'profile edit web --set-servers time --json');
    expect(result.json()).toMatchObject({ profile: { servers: ['time'] } });
    expect(
      (await runCli(home, 'profile edit web --set-servers time --add-server fs')).exitCode,
    ).toBe(2);
    await runCli(home, 'profile edit web', { answers: ['web', 'the web', ['fs', 'time']] });
    expect(tags(home)).toEqual({ time: ['web'], memory: [], fs: ['web'] });
    expect((await runCli(home, 'profile ls')).stdout).toContain('the web');
  });

  it('changes nothing when one of the names is unknown', async () => {
    const home = await homeWithServers();
    await runCli(home, 'profile create web');
    const result = await runCli(home, 'profile edit web --add-server time,memroy --name net');
    expect(result.exitCode).toBe(10);
    expect(result.stderr).toContain('Did you mean memory?');
    expect(tags(home).time).toEqual([]);
    expect((await runCli(home, 'profile ls --json')).json()).toMatchObject({
      profiles: [{ name: 'web' }],
    });
  });

  it('renames by retagging, keeping the key and unknown fields of its metadata', async () => {
    const home = await homeWithServers();
    home.write(
      '.config/mcpm/profiles_metadata.json',
      JSON.stringify({ web: { name: 'web', api_key: 'k', description: null, color: 'red' } }),
    );
    await runCli(home, 'profile edit web --add-server time');
    await runCli(home, 'profile edit web --name net --description new');
    expect(tags(home).time).toEqual(['net']);
    expect(JSON.parse(home.read('.config/mcpm/profiles_metadata.json'))).toEqual({
      net: { name: 'net', api_key: 'k', description: 'new', color: 'red' },
    });
    await runCli(home, 'profile create other');
    expect((await runCli(home, 'profile edit net --name other')).exitCode).toBe(11);
  });

  it('shows profiles that exist by their tag alone', async () => {
    const home = makeHome();
    home.write(
      '.config/mcpm/servers.json',
      JSON.stringify({ a: { name: 'a', profile_tags: ['old'], command: 'x', args: [], env: {} } }),
    );
    expect((await runCli(home, 'profile ls')).stdout).toMatch(/old\s+a/);
    expect((await runCli(home, 'profile ls -v')).stdout).toContain('command');
  });

  it('deletes after a yes, and the servers stay', async () => {
    const home = await homeWithServers();
    await runCli(home, 'profile create web');
    await runCli(home, 'profile edit web --add-server time');
    expect((await runCli(home, 'profile rm web')).exitCode).toBe(2);
    expect((await runCli(home, 'profile rm web -f --dry-run')).stdout).toContain('Would delete');
    expect((await runCli(home, 'profile rm web -f')).exitCode).toBe(0);
    expect(tags(home)).toEqual({ time: [], memory: [], fs: [] });
    expect((await runCli(home, 'profile rm wbe -f --json')).json()).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });
});

describe('a profile that is not there', () => {
  it.each([
    ['', 12],
    ['/', 12],
    ['a b', 12],
    ['..', 12],
    ['a\u0007', 12],
    ['x'.repeat(200), 12],
    ['nope', 10],
  ])('is refused in words and as JSON by every command: %j', async (name, code) => {
    const home = await homeWithServers();
    for (const words of [
      ['profile', 'edit', name, '--add-server', 'time'],
      ['profile', 'rm', name, '--yes'],
      ['profile', 'run', name, '--http'],
    ]) {
      const human = await runCli(home, words);
      expect([human.exitCode, human.stdout]).toEqual([code, '']);
      expect(human.stderr).toMatch(/^error: .+\nhint: .+\n$/);
      const json = await runCli(home, [...words, '--json']);
      expect(json.exitCode).toBe(code);
      expect(json.json<{ error: { code: string } }>().error.code).toBeTruthy();
    }
  });

  it('is suggested by its nearest name', async () => {
    const home = await homeWithServers();
    await runCli(home, 'profile create work');
    expect((await runCli(home, 'profile run wrok')).stderr).toContain('Did you mean work?');
  });

  it('is not picked from an empty list', async () => {
    for (const line of ['profile edit', 'profile run', 'profile share']) {
      const { exitCode, stderr } = await runCli(makeHome(), line, { answers: [] });
      expect([exitCode, stderr]).toEqual([10, expect.stringContaining('mcpm profile create')]);
    }
  });
});

describe('a list of names that is empty', () => {
  it.each(['--add-server', '--remove-server'])(
    'is a usage error for %s, which would do nothing',
    async (flag) => {
      const home = await homeWithServers();
      await runCli(home, 'profile create web');
      const { exitCode, stderr } = await runCli(home, ['profile', 'edit', 'web', flag, ' ']);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${flag}: no name is given`)]);
    },
  );

  it('takes all servers out with --set-servers', async () => {
    const home = await homeWithServers();
    await runCli(home, 'profile create web');
    await runCli(home, 'profile edit web --add-server time');
    expect((await runCli(home, ['profile', 'edit', 'web', '--set-servers', ''])).exitCode).toBe(0);
    expect(tags(home).time).toEqual([]);
  });
});
