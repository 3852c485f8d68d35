import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/update/post-update.ts';

describe('the command after an update', () => {
  it.each([
    ['npm ci', [['npm', 'ci']]],
    [
      'npm ci && npm run build',
      [
        ['npm', 'ci'],
        ['npm', 'run', 'build'],
      ],
    ],
    [
      'npm ci&&npm test',
      [
        ['npm', 'ci'],
        ['npm', 'test'],
      ],
    ],
    [`sh -c 'a | b > "c"'`, [['sh', '-c', 'a | b > "c"']]],
    ['make "two words" --x="y z" \'\'', [['make', 'two words', '--x=y z', '']]],
    ['  uv   sync  ', [['uv', 'sync']]],
  ])('%s is run as words, without a shell', (line, steps) => {
    expect(stepsOf(line)).toEqual(steps);
  });

  it.each([
    'a | b',
    'a; b',
    'a & b',
    'a > file',
    'echo $HOME',
    'echo `id`',
    'echo "$(id)"',
    'rm *.js',
    'FOO=1 make',
    'a && ',
    '&& a',
    "unclosed 'quote",
    'a\\ b',
    '~/bin/x',
    '',
  ])('%j is refused: it needs a shell', (line) => {
    expect(() => stepsOf(line)).toThrow('The post-update command needs a shell');
  });
});
