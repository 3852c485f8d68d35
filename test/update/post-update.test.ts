import { describe, expect, it, vi } from 'vitest';
import { runSteps, stepsOf } from '../../src/update/post-update.ts';
import { makeHome } from '../helpers/home.ts';

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

  it.skipIf(process.platform === 'win32')(
    'is ended when it takes too long, with what it started',
    async () => {
      const { ctx, dir, read } = makeHome();
      const steps = stepsOf("sh -c 'sleep 60 & echo $! > pid; wait' && touch later");
      await expect(runSteps(ctx, dir, steps, 1_500)).rejects.toMatchObject({
        code: 'PARTIAL',
        message: expect.stringContaining('took more than 1.5 s and was ended'),
      });
      const pid = Number(read('pid'));
      await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 10_000);
      expect(() => read('later')).toThrow('ENOENT');
    },
  );
});
