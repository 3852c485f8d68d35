import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CLIENT_KEYS } from '../../src/clients/index.ts';
import { setUp } from '../helpers/clients.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/clients/', import.meta.url));

it.each(CLIENT_KEYS)(
  '%s gets servers, URLs and a profile, and gives its file back',
  async (key) => {
    const name = readdirSync(join(FIXTURES, key)).find((file) => file.startsWith('before.')) ?? '';
    const before = readFileSync(join(FIXTURES, key, name), 'utf8');
    const { home, clients } = setUp({ [name]: before });
    const where = { file: join(home.dir, name) };
    const edit = (selection: object, manner = {}) =>
      clients.editClientConfig(key, selection, { ...where, ...manner });
    await edit({ servers: ['time', 'docs'], profiles: ['web'] }, { native: true });
    const held = await clients.getClient(key, where);
    expect(held).toMatchObject({ servers: ['time', 'docs'], profiles: ['web'], drift: [] });
    expect(held.problem).toBeUndefined();
    await edit({ servers: { remove: ['time'] }, profiles: [] });
    await edit({ servers: [] });
    expect(home.read(name)).toBe(before);
  },
);
