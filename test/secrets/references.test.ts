import { describe, expect, it } from 'vitest';
import { openSecrets, resolveReferences, secretReference } from '../../src/secrets/index.ts';
import { makeHome } from '../helpers/home.ts';

describe('references in the environment and headers of a server', () => {
  it.each([
    ['plain', 'plain'],
    ['${TOKEN}', 'abc'],
    ['Bearer ${TOKEN}', 'Bearer abc'],
    ['${TOKEN}-${TOKEN}', 'abc-abc'],
    ['${EMPTY}', ''],
    ['${EMPTY:-x}', 'x'],
    ['${NOPE:-fall back}', 'fall back'],
    ['${NOPE:-}', ''],
    ['${TOKEN:-x}', 'abc'],
    ['$TOKEN', '$TOKEN'],
    ['${1BAD}', '${1BAD}'],
    ['${unclosed', '${unclosed'],
    ['${NESTED}', '${TOKEN}'],
    ['${DOLLARS}', "$& $1 $'"],
  ])('resolves %j to %j', async (text, expected) => {
    const env = { TOKEN: 'abc', EMPTY: '', NESTED: '${TOKEN}', DOLLARS: "$& $1 $'" };
    const home = makeHome({ env });
    expect(await resolveReferences(home.ctx, { KEY: text })).toEqual({ KEY: expected });
  });

  it('leaves an unset variable as written and warns once, by name', async () => {
    const home = makeHome();
    const record = { A: '${NO_SUCH} ${NO_SUCH}', B: '${NO_SUCH}' };
    expect(await resolveReferences(home.ctx, record)).toEqual(record);
    expect(home.stderr()).toBe(
      'warning: ${NO_SUCH} is not set in the environment; the server gets it as written.\n',
    );
  });

  it('puts stored secrets in place', async () => {
    const { ctx } = makeHome();
    const store = await openSecrets(ctx);
    await store.set('github/TOKEN', 'top $1 secret ${HOME}');
    const record = { Authorization: `Bearer ${secretReference('github/TOKEN')}` };
    expect(await resolveReferences(ctx, record)).toEqual({
      Authorization: 'Bearer top $1 secret ${HOME}',
    });
  });

  it('refuses a reference to a secret that is not stored, naming it', async () => {
    const { ctx } = makeHome();
    await expect(resolveReferences(ctx, { A: '${secret:gone}' })).rejects.toMatchObject({
      code: 'SECRET',
      message: 'No secret is stored under the name gone',
    });
  });

  it('needs no readable store when no secret is referred to', async () => {
    const home = makeHome();
    home.write('.config/mcpm/secrets/secrets.json', 'not json');
    expect(await resolveReferences(home.ctx, { A: '${HOME}' })).toEqual({ A: home.dir });
  });
});
