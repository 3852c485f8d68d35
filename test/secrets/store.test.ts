import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { openSecrets } from '../../src/secrets/index.ts';
import type { Keychain } from '../../src/secrets/keychain.ts';
import { openStore } from '../../src/secrets/store.ts';
import { makeHome } from '../helpers/home.ts';

const VAULT = '.config/mcpm/secrets/secrets.json';
const KEY = '.config/mcpm/secrets/secrets.key';

/** A keychain of another make than the machine's: values in memory, some of them refused. */
function memoryKeychain(refuses: (value: string) => boolean = () => false) {
  const values = new Map<string, string>();
  const keychain: Keychain = {
    get: async (name) => values.get(name),
    set: async (name, value) => {
      if (refuses(value)) throw new Error('too long');
      values.set(name, value);
    },
    delete: async (name) => {
      values.delete(name);
    },
  };
  return { values, keychain };
}

const withPassphrase = (ctx: Context, passphrase: string): Context => ({
  ...ctx,
  env: { ...ctx.env, MCPM_SECRETS_KEY: passphrase },
});

describe('secrets in the encrypted file', () => {
  it('gives back what was stored, to a later process too', async () => {
    const { ctx } = makeHome();
    const store = await openSecrets(ctx);
    expect(store.backend).toBe('file');
    await store.set('b/TOKEN', 'one');
    await store.set('a/TOKEN', 'zwei ✓');
    await store.set('b/TOKEN', 'three');
    const again = await openSecrets(ctx);
    expect(await again.list()).toEqual(['a/TOKEN', 'b/TOKEN']);
    expect([await again.get('a/TOKEN'), await again.get('b/TOKEN')]).toEqual(['zwei ✓', 'three']);
    expect(await again.get('c')).toBeUndefined();
    expect(await again.get('constructor')).toBeUndefined();
    expect([await again.delete('b/TOKEN'), await again.delete('b/TOKEN')]).toEqual([true, false]);
    expect(await again.list()).toEqual(['a/TOKEN']);
  });

  it('writes no value in the clear, and files only the user can read', async () => {
    const home = makeHome();
    await (await openSecrets(home.ctx)).set('x', 'hunter2-hunter2');
    expect(home.read(VAULT) + home.read(KEY)).not.toContain('hunter2');
    expect(home.read(VAULT)).not.toContain(Buffer.from('hunter2-hunter2').toString('base64'));
    for (const path of [VAULT, KEY])
      expect(statSync(join(home.dir, path)).mode & 0o777).toBe(0o600);
    expect(statSync(home.ctx.paths.secretsDir).mode & 0o777).toBe(0o700);
  });

  it('says once that there is no keychain', async () => {
    const home = makeHome();
    await (await openSecrets(home.ctx)).set('x', '1');
    await (await openSecrets(home.ctx)).set('y', '2');
    expect(home.stderr().match(/No keychain here/g)).toHaveLength(1);
  });

  it('loses no update of ten writers at once', async () => {
    const { ctx } = makeHome();
    const names = Array.from({ length: 10 }, (_, index) => `name${index}`);
    await Promise.all(names.map(async (name) => (await openSecrets(ctx)).set(name, name)));
    expect(await (await openSecrets(ctx)).list()).toEqual(names);
  });

  it.each([
    ['not JSON', '{"version": 1,'],
    ['another version', '{"version": 2, "keys": {}, "secrets": {}}'],
    ['an array', '[]'],
    ['a damaged entry', '{"version": 1, "keys": {}, "secrets": {"x": {"in": "file"}}}'],
  ])('never resets a file that is %s', async (_, text) => {
    const home = makeHome();
    const path = home.write(VAULT, text);
    const store = await openSecrets(home.ctx);
    const attempts = [
      () => store.get('x'),
      () => store.set('y', 'v'),
      () => store.delete('x'),
      () => store.list(),
    ];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({ code: 'SECRET', data: { file: path } });
    expect(home.read(VAULT)).toBe(text);
  });

  it('refuses a value that was changed or moved to another name', async () => {
    const home = makeHome();
    const store = await openSecrets(home.ctx);
    await store.set('a', 'secret of a');
    const vault = JSON.parse(home.read(VAULT));
    vault.secrets.b = vault.secrets.a;
    vault.secrets.c = { ...vault.secrets.a, data: Buffer.from('forged').toString('base64') };
    vault.secrets.d = { ...vault.secrets.a, tag: vault.secrets.a.tag.slice(0, 4) };
    home.write(VAULT, JSON.stringify(vault));
    for (const name of ['b', 'c', 'd'])
      await expect(store.get(name)).rejects.toMatchObject({ code: 'SECRET', data: { name } });
    expect(await store.get('a')).toBe('secret of a');
  });

  it.each([
    ['missing', undefined],
    ['not a key', 'short'],
    ['another one', Buffer.alloc(32, 7).toString('base64')],
  ])('makes no new key when the old one is %s', async (_, key) => {
    const home = makeHome();
    await (await openSecrets(home.ctx)).set('a', '1');
    const before = home.read(VAULT);
    const other = makeHome();
    other.write(VAULT, before);
    if (key !== undefined) other.write(KEY, key);
    const store = await openSecrets(other.ctx);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'SECRET' });
    await expect(store.set('b', '2')).rejects.toMatchObject({ code: 'SECRET' });
    expect(other.read(VAULT)).toBe(before);
  });

  it('seals with the passphrase of MCPM_SECRETS_KEY instead of a key file', async () => {
    const home = makeHome();
    const locked = withPassphrase(home.ctx, 'correct horse');
    await (await openSecrets(locked)).set('a', 'v');
    expect(() => readFileSync(join(home.dir, KEY))).toThrow('ENOENT');
    expect(await (await openSecrets(locked)).get('a')).toBe('v');
    await expect((await openSecrets(home.ctx)).get('a')).rejects.toMatchObject({
      code: 'SECRET',
      message: 'The stored secrets are sealed with a passphrase',
    });
    const wrong = await openSecrets(withPassphrase(home.ctx, 'battery staple'));
    await expect(wrong.get('a')).rejects.toMatchObject({ code: 'SECRET' });
    await expect(wrong.set('b', 'w')).rejects.toMatchObject({ code: 'SECRET' });
  });

  it('still reads what was sealed with the key file before there was a passphrase', async () => {
    const { ctx } = makeHome();
    await (await openSecrets(ctx)).set('old', '1');
    const store = await openSecrets(withPassphrase(ctx, 'correct horse'));
    await store.set('new', '2');
    expect([await store.get('old'), await store.get('new')]).toEqual(['1', '2']);
  });

  it.each(['', ' ', '(check)', 'a}b', 'a b', '__proto__', 'x'.repeat(201), 'line\nend'])(
    'refuses %j as a name',
    async (name) => {
      const store = await openSecrets(makeHome().ctx);
      await expect(store.set(name, 'v')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});

describe('secrets in the keychain', () => {
  it('keeps names in the file and values in the keychain', async () => {
    const home = makeHome();
    const { keychain, values } = memoryKeychain();
    const store = await openStore(home.ctx, Promise.resolve(keychain));
    expect(store.backend).toBe('keychain');
    await store.set('a', 'v');
    expect(values).toEqual(new Map([['a', 'v']]));
    expect([await store.get('a'), await store.list()]).toEqual(['v', ['a']]);
    expect(JSON.parse(home.read(VAULT)).secrets).toEqual({ a: { in: 'keychain' } });
    await store.delete('a');
    expect(values.size).toBe(0);
  });

  it('puts a value that the keychain refuses in the file, and says so', async () => {
    const home = makeHome();
    const { keychain, values } = memoryKeychain((value) => value.length > 10);
    const store = await openStore(home.ctx, Promise.resolve(keychain));
    await store.set('a', 'short');
    await store.set('a', 'a very long token');
    expect(await store.get('a')).toBe('a very long token');
    expect(values.size).toBe(0);
    expect(home.stderr()).toContain('The keychain refused a (too long); it goes to the file.');
  });

  it('reads file entries without a keychain and names those it would need one for', async () => {
    const { ctx } = makeHome();
    await (await openStore(ctx, Promise.resolve(undefined))).set('filed', '1');
    const { keychain, values } = memoryKeychain();
    await (await openStore(ctx, Promise.resolve(keychain))).set('chained', '2');
    const headless = await openStore(ctx, Promise.resolve(undefined));
    expect(await headless.get('filed')).toBe('1');
    await expect(headless.get('chained')).rejects.toMatchObject({
      code: 'SECRET',
      message: 'The secret chained is in the keychain, which cannot be reached from here',
    });
    values.clear();
    const emptied = await openStore(ctx, Promise.resolve(keychain));
    await expect(emptied.get('chained')).rejects.toThrow('is no longer in the keychain');
  });

  it('is not looked for on a Linux without a session bus', async () => {
    const { ctx } = makeHome({ platform: 'linux', env: { MCPM_SECRETS_BACKEND: undefined } });
    expect((await openSecrets(ctx)).backend).toBe('file');
  });

  it('is an error when it is demanded and there is none', async () => {
    const { ctx } = makeHome({ platform: 'linux', env: { MCPM_SECRETS_BACKEND: 'keychain' } });
    await expect(openSecrets(ctx)).rejects.toMatchObject({ code: 'SECRET' });
  });
});
