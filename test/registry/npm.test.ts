import { describe, expect, it } from 'vitest';
import { VERSION_SOURCES } from '../../src/registry/index.ts';
import { makeHome } from '../helpers/home.ts';
import { serveNpm } from '../helpers/packages.ts';

/** A context whose npm registry has one package, some of its versions not for this Node.js. */
async function withPackage(versions: readonly string[], more: Record<string, object>) {
  const npm = await serveNpm({ acme: versions }, more);
  return makeHome({ env: { npm_config_registry: `${npm.url}/` } }).ctx;
}

const TOO_NEW = { engines: { node: '>=999' } };

describe('the newest version of an npm package', () => {
  it.each([
    ['the latest', ['1.0.0', '2.0.0'], { 'acme@2.0.0': { engines: { node: '>=18' } } }, '2.0.0'],
    [
      'the one before, when the latest wants a newer Node.js',
      ['1.9.0', '1.10.0', '2.0.0'],
      { 'acme@2.0.0': TOO_NEW },
      '1.10.0',
    ],
    ['no pre-release', ['1.0.0', '2.0.0-rc.1', '2.0.0'], { 'acme@2.0.0': TOO_NEW }, '1.0.0'],
    [
      'nothing its author advises against',
      ['1.0.0', '1.1.0', '2.0.0'],
      { 'acme@2.0.0': TOO_NEW, 'acme@1.1.0': { deprecated: 'broken' } },
      '1.0.0',
    ],
    [
      'the latest all the same, when none runs here',
      ['1.0.0', '2.0.0'],
      { 'acme@1.0.0': TOO_NEW, 'acme@2.0.0': TOO_NEW },
      '2.0.0',
    ],
  ])('is %s', async (_, versions, more, expected) => {
    const ctx = await withPackage(versions, more);
    expect((await VERSION_SOURCES.npm.resolve(ctx, 'acme')).version).toBe(expected);
    expect((await VERSION_SOURCES.npm.resolve(ctx, 'acme', 'latest')).version).toBe(expected);
    expect((await VERSION_SOURCES.npm.list(ctx, 'acme')).latest).toBe(expected);
  });

  it('does not keep anyone from asking for an exact one', async () => {
    const ctx = await withPackage(['1.0.0', '2.0.0'], { 'acme@2.0.0': TOO_NEW });
    expect((await VERSION_SOURCES.npm.resolve(ctx, 'acme', '2.0.0')).version).toBe('2.0.0');
  });
});
