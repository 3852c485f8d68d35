/** The command-line framework: it reads flags, answers `--help` and `--version`, and explains what it does not understand. */
import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  type RouteMap,
  run,
} from '@stricli/core';
import { EXIT_CODES, exitCodeOf, McpmError } from '../errors.ts';
import { VERSION } from '../platform/version.ts';
import { type Group, type LazyCommand, TREE } from './app.ts';
import type { AnyCommand } from './command.ts';
import type { Arg, Flag } from './flags.ts';

/** A command as it was asked for: the values of its flags, by name, and of its arguments. */
export interface Invocation {
  readonly definition: AnyCommand['definition'];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly unknown[];
}

/** Where the framework says something itself. */
export interface FrameworkOutput {
  /** Help and the version. */
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Whether help may carry ANSI colours. */
  readonly color: boolean;
}

/** Handed by the framework to the command that was named. */
interface FrameworkContext extends CommandContext {
  readonly invoke: (invocation: Invocation) => void;
}

/**
 * Read a command line.
 * @returns What it asks for; `undefined` when that was help or the version, which is printed then.
 * @throws McpmError `USAGE` when it is not understood.
 */
export async function readLine(
  words: readonly string[],
  { print, warn, color }: FrameworkOutput,
): Promise<Invocation | undefined> {
  let said = '';
  let found: Invocation | undefined;
  const streams = {
    stdout: { write: print, getColorDepth: () => (color ? 8 : 1) },
    stderr: {
      write: (text: string) => {
        said += text;
      },
      getColorDepth: () => 1,
    },
    env: {},
    exitCode: undefined as number | string | null | undefined,
  };
  const invoke = (invocation: Invocation) => {
    found = invocation;
  };
  await run(await application(words), words, {
    process: streams as never,
    forCommand: () => ({ process: streams, invoke }),
  });
  const status = streams.exitCode;
  if (typeof status === 'number' && status !== 0) throw frameworkError(status, said.trim());
  if (said !== '') warn(said);
  return found;
}

async function application(words: readonly string[]) {
  return buildApplication<FrameworkContext>(await routes(words, TREE), {
    name: 'mcpm',
    versionInfo: { currentVersion: VERSION },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { onlyRequiredInUsageLine: true },
    determineExitCode: exitCodeOf,
  });
}

/**
 * The tree as the framework wants it. The command that `words` name is loaded and built whole, beside mere names; when they name
 * none, help says of each what it is for, and suggestions are among their names.
 */
async function routes(
  words: readonly string[],
  group: Group,
  path = 'mcpm',
): Promise<RouteMap<FrameworkContext>> {
  const [first = '', ...rest] = words;
  const { aliases = {}, defaultCommand } = group;
  const target = Object.hasOwn(aliases, first) ? aliases[first] : first;
  const given = Object.keys(group.routes).find((name) => name === target);
  const named = given ?? defaultCommand;
  const route = async (name: string, what: LazyCommand | Group) => {
    if (typeof what !== 'function')
      return routes(name === named ? rest : [], what, `${path} ${name}`);
    const isNamed = name === named;
    return isNamed || given === undefined ? built((await what()).definition, isNamed) : NAME_ALONE;
  };
  const entries = Object.entries(group.routes).map(
    async ([name, what]) => [name, await route(name, what)] as const,
  );
  return buildRouteMap({
    docs: {
      brief: group.brief,
      ...(defaultCommand && { fullDescription: described(group, path) }),
    },
    routes: Object.fromEntries(await Promise.all(entries)),
    aliases,
    ...(defaultCommand && { defaultCommand }),
  } as never);
}

/** The framework's help of a branch does not say what its own name does when an argument follows it. */
function described({ brief, defaultCommand }: Group, path: string): string {
  const whole = `${path} ${defaultCommand}`;
  return `${brief}.\n\n\`${path} …\` is \`${whole} …\`; its flags: ${whole} --help`;
}

/** A command, with its flags and arguments or without. */
function built(definition: AnyCommand['definition'], whole: boolean): Command<FrameworkContext> {
  const flags = Object.entries((whole && definition.flags) || {});
  return buildCommand<Record<string, unknown>, readonly unknown[], FrameworkContext>({
    docs: {
      brief: definition.brief,
      ...(definition.details === undefined ? {} : { fullDescription: definition.details }),
    },
    parameters: {
      flags: Object.fromEntries(flags.map(([name, { spec }]) => [name, spec])),
      aliases: Object.fromEntries(
        flags.flatMap(([name, { alias }]) => (alias ? [[alias, name]] : [])),
      ),
      positional: positional(whole ? (definition.args ?? []) : []),
    } as never,
    func(this: FrameworkContext, values, ...args) {
      this.invoke({ definition, flags: flatten(values, definition.flags ?? {}), args });
    },
  });
}

/** Stands for a command that is not the one. */
const NAME_ALONE = buildCommand<Record<never, never>, readonly [], FrameworkContext>({
  docs: { brief: '' },
  parameters: {},
  func() {},
});

/** A repeatable flag arrives as one list an occurrence; a command gets one list, or `undefined`. */
function flatten(
  values: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, Flag<unknown>>>,
) {
  const repeatable = (name: string) =>
    (flags[name]?.spec as { variadic?: boolean } | undefined)?.variadic === true;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!repeatable(name) || !Array.isArray(value)) return [name, value];
      return [name, value.length === 0 ? undefined : value.flat(1)];
    }),
  );
}

function positional(args: readonly Arg<unknown>[]) {
  const [first] = args;
  return first?.kind === 'rest'
    ? { kind: 'array', parameter: first.spec }
    : { kind: 'tuple', parameters: args.map((one) => one.spec) };
}

/** The framework names flags as they are in code; people type them with dashes. */
function kebab(text: string): string {
  return text.replace(/--[a-z]+(?:[A-Z][a-z]*)+/g, (name) =>
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
}

/** The framework's own failures are negative statuses with a text on stderr: usage, or a defect of ours. */
function frameworkError(status: number, text: string): Error {
  const named = text.replace(/^Failed to parse "[\s\S]*" for ([\w-]+): /, '--$1: ');
  const [first = 'Invalid command line', ...rest] = kebab(named).split('\n');
  if (status > 0 || status === -6 || status === -7)
    return new Error(text || `exit status ${status}`);
  const hint = rest.join('\n').trim();
  return new McpmError('USAGE', first, {
    hint: hint || 'See `mcpm --help`.',
    data: { exitCode: EXIT_CODES.USAGE },
  });
}
