/** Command lines of names alone (`mcpm run NAME`): read without the framework, which takes longer to load than they take to run. */
import { type Group, type LazyCommand, TREE } from './app.ts';
import type { AnyCommand } from './command.ts';
import type { Arg } from './flags.ts';
import type { Invocation } from './framework.ts';

/** What a line asks for; `undefined` when it has flags, or is not one that is understood: the framework says why. */
export async function readPlainLine(words: readonly string[]): Promise<Invocation | undefined> {
  if (words.some((word) => word.startsWith('-'))) return undefined;
  const named = find(TREE, words);
  if (!named) return undefined;
  const { definition } = await named.load();
  const args = values(named.rest, definition.args ?? []);
  return args && { definition, flags: absent(definition), args };
}

function find(
  { routes, aliases = {}, defaultCommand = '' }: Group,
  words: readonly string[],
): { load: LazyCommand; rest: readonly string[] } | undefined {
  const [first = '', ...rest] = words;
  const name = Object.hasOwn(aliases, first) ? aliases[first] : first;
  const [, route] = Object.entries(routes).find(([key]) => key === name) ?? [];
  if (route) return typeof route === 'function' ? { load: route, rest } : find(route, rest);
  const fallback = routes[defaultCommand];
  return typeof fallback === 'function' ? { load: fallback, rest: words } : undefined;
}

/** The words as a command's arguments; `undefined` when there are too few or too many. */
function values(
  words: readonly string[],
  args: readonly Arg<unknown>[],
): Invocation['args'] | undefined {
  if (args[0]?.kind === 'rest') return words;
  const required = args.filter(({ spec }) => !('optional' in spec)).length;
  if (words.length < required || words.length > args.length) return undefined;
  return args.map((_, at) => words[at]);
}

/** The flags' values when none is given. */
function absent({ flags = {} }: AnyCommand['definition']): Invocation['flags'] {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { spec }]) => [
      name,
      (spec as { default?: unknown }).default,
    ]),
  );
}
