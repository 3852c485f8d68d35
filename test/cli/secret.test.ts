import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openSecrets } from '../../src/secrets/index.ts';
import { runCli } from '../helpers/cli.ts';
import { makeHome } from '../helpers/home.ts';

/** A home where something is piped in. */
function piped(text: string) {
  const stdin = new PassThrough();
  stdin.end(text);
  return makeHome({ stdin });
}

describe('mcpm secret', () => {
  it('stores what is typed, hidden, and never shows it again', async () => {
    const home = makeHome();
    const set = await runCli(home, 'secret set github/TOKEN', { answers: ['s3cret-value'] });
    expect(set).toMatchObject({
      exitCode: 0,
      stdout: 'Stored github/TOKEN in the encrypted file.\n',
    });
    expect(await (await openSecrets(home.ctx)).get('github/TOKEN')).toBe('s3cret-value');
    const shown = [await runCli(home, 'secret ls'), await runCli(home, 'secret ls --json')];
    for (const { stdout, stderr } of [set, ...shown])
      expect(stdout + stderr).not.toContain('s3cret');
  });

  it('stores what is piped in, without its line end', async () => {
    const home = piped('from a pipe\n');
    expect((await runCli(home, 'secret set a --stdin --json')).json()).toEqual({
      name: 'a',
      backend: 'file',
    });
    expect(await (await openSecrets(home.ctx)).get('a')).toBe('from a pipe');
  });

  it.each([
    ['nobody to ask', 'secret set a', '', 2],
    ['an empty value', 'secret set a --stdin', '\n', 12],
    ['a bad name', 'secret set (a) --stdin', 'x', 12],
    ['a secret that is not there', 'secret rm a --yes', '', 10],
  ])('refuses %s', async (_, line, input, exitCode) => {
    expect((await runCli(piped(input), line)).exitCode).toBe(exitCode);
  });

  it('lists which servers use a secret, and which ones miss theirs', async () => {
    const home = makeHome();
    await (await openSecrets(home.ctx)).set('spare', 'x');
    const remote = {
      name: 'remote',
      profile_tags: [],
      url: 'https://example.com',
      headers: { Authorization: 'Bearer ${secret:gone}' },
    };
    home.write('.config/mcpm/servers.json', JSON.stringify({ remote }));
    expect((await runCli(home, 'secret ls')).stdout).toMatch(
      /^gone +remote +missing\nspare +nobody$/m,
    );
  });

  it('forgets a secret after a yes, naming the servers that need it', async () => {
    const home = makeHome();
    await (await openSecrets(home.ctx)).set('a', 'x');
    const server = {
      name: 's',
      profile_tags: [],
      command: 'x',
      args: [],
      env: { K: '${secret:a}' },
    };
    home.write('.config/mcpm/servers.json', JSON.stringify({ s: server }));
    expect((await runCli(home, 'secret rm a')).exitCode).toBe(2);
    expect((await runCli(home, 'secret rm a', { answers: [false] })).exitCode).toBe(13);
    expect((await runCli(home, 'secret rm a --dry-run --json')).json()).toEqual({
      name: 'a',
      servers: ['s'],
      removed: false,
    });
    expect((await runCli(home, 'secret rm a --yes')).stdout).toBe('Forgot a.\n');
    expect(await (await openSecrets(home.ctx)).list()).toEqual([]);
  });
});
