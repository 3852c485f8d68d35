import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceText } from '../../src/platform/files.ts';
import { makeHome } from '../helpers/home.ts';

describe('replaceText', () => {
  it('replaces a file that holds what is expected, and keeps its mode', async () => {
    const home = makeHome();
    const file = home.write('a.json', 'old');
    chmodSync(file, 0o604);
    await replaceText(file, 'old', 'new');
    expect(home.read('a.json')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o604);
  });

  it('writes nothing when someone else changed, removed or created the file', async () => {
    const home = makeHome();
    const file = home.write('a.json', 'theirs');
    const gone = join(home.dir, 'gone.json');
    for (const [path, expected] of [
      [file, 'old'],
      [file, undefined],
      [gone, 'old'],
    ] as const)
      await expect(replaceText(path, expected, 'new')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(home.read('a.json')).toBe('theirs');
    expect(existsSync(gone)).toBe(false);
    expect(readdirSync(home.dir)).toEqual(['a.json']);
  });

  it('leaves a write-protected file as it is', async () => {
    const home = makeHome();
    const file = home.write('a.json', 'old');
    chmodSync(file, 0o444);
    await expect(replaceText(file, 'old', 'new')).rejects.toMatchObject({
      code: 'CONFIG_ACCESS',
      message: `Cannot write ${file}: it is write-protected`,
    });
    expect(home.read('a.json')).toBe('old');
    expect(readdirSync(home.dir)).toEqual(['a.json']);
  });

  it('names the trouble with a path that cannot be written', async () => {
    const home = makeHome();
    mkdirSync(join(home.dir, 'folder'));
    await expect(replaceText(join(home.dir, 'folder'), undefined, 'x')).rejects.toMatchObject({
      code: 'CONFIG_ACCESS',
    });
    expect(readdirSync(home.dir)).toEqual(['folder']);
  });
});
