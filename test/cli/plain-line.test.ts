import { describe, expect, it } from 'vitest';
import { type Group, TREE } from '../../src/cli/app.ts';
import { type Invocation, readLine } from '../../src/cli/framework.ts';
import { readPlainLine } from '../../src/cli/plain-line.ts';

/** What the framework makes of a line; the reason when it does not understand it. */
async function byFramework(words: readonly string[]): Promise<Invocation | string | undefined> {
  const output = { print: () => {}, warn: () => {}, color: false };
  return readLine(words, output).catch((error: Error) => error.message);
}

/** Every line there is that names a group or a command, by its name or another one. */
function names(group: Group, path: readonly string[] = []): string[][] {
  const { routes, aliases = {} } = group;
  const own = Object.entries(routes).flatMap(([name, route]) => [
    [...path, name],
    ...(typeof route === 'function' ? [] : names(route, [...path, name])),
  ]);
  return [...own, ...Object.keys(aliases).map((name) => [...path, name])];
}

const LINES = names(TREE).flatMap((path) => [path, [...path, 'a'], [...path, 'a', 'b c']]);

describe('a line of names alone', () => {
  it.each(LINES.map((words) => [words.join(' '), words] as const))(
    'means what the framework makes of it: %s',
    async (_, words) => {
      const plain = await readPlainLine(words);
      const whole = await byFramework(words);
      if (plain) expect(whole).toEqual(plain);
      else expect(typeof whole === 'object').toBe(false);
    },
  );

  it.each([[[]], [['nonsense']], [['run', '--http', 'x']], [['run', '--', 'x']], [['ls', 'x']]])(
    'is left to the framework when it is none: %j',
    async (words) => {
      expect(await readPlainLine(words)).toBeUndefined();
    },
  );
});
