/**
 * A command is a value: flags and arguments with types and docs, a function from them to data, and a view of that data.
 * Everything that cuts across commands (`--json`, `--yes`, rendering, errors, exit statuses) is here and in program.ts.
 */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import type { Arg, ArgValues, Flag, FlagValues } from './flags.ts';
import { flag } from './flags.ts';
import type { Prompts } from './prompts/types.ts';
import type { Ui } from './render/ui.ts';

/** What a command gets: the world, and the ways to reach the person. */
export interface CommandContext extends Context {
  /** Questions, when someone can answer them. */
  readonly prompts: Prompts | undefined;
  /** The person said `--yes`/`--force`, or `MCPM_FORCE`: confirmations are answered. */
  readonly yes: boolean;
  /** `--dry-run`: plan and show, change nothing. */
  readonly dryRun: boolean;
  /** Show an intermediate result of a long-running command at once: a JSON line, or its text. */
  readonly emit: (data: unknown, text: string) => void;
}

/** A command's definition. `D` is its data: what `--json` prints and `view` draws. */
export interface CommandDefinition<F, A extends readonly Arg<unknown>[], D> {
  /** One line for the list of commands. */
  readonly brief: string;
  /** More, for the command's own help. */
  readonly details?: string;
  readonly flags?: F;
  readonly args?: A;
  /** Adds `--yes` and `--force`: the command asks before it changes something. */
  readonly confirms?: boolean;
  /** Adds `--dry-run`. */
  readonly plans?: boolean;
  /** Whether stdout carries a protocol with these flags: no result is printed then, and errors as JSON go to stderr. */
  readonly serves?: (flags: FlagValues<F>) => boolean;
  /** Do it. Heavy modules are imported in here. */
  readonly run: (ctx: CommandContext, flags: FlagValues<F>, ...args: ArgValues<A>) => Promise<D>;
  /** The human view of the data; nothing is printed for an empty one. */
  readonly view?: (data: D, ui: Ui) => string;
  /** The exit status of a success that is not quite one (`--check`, partial); 0 unless told. */
  readonly exitCode?: (data: D) => number;
}

/** What the program needs to know of any command. */
export interface AnyCommand {
  readonly definition: CommandDefinition<
    Record<string, Flag<unknown>>,
    readonly Arg<unknown>[],
    unknown
  >;
}

/** Flags that the wrapper understands; a command sees their effects alone. */
const shared = {
  json: flag.boolean('Print the result as JSON'),
  yes: flag.boolean('Answer every confirmation with yes', { alias: 'y' }),
  force: flag.boolean('Same as --yes; also overwrite what is there', { alias: 'f' }),
  dryRun: flag.boolean('Show what would be done, and do nothing'),
};

/** Define a command. */
export function command<
  const F extends Readonly<Record<string, Flag<unknown>>> = Record<never, never>,
  const A extends readonly Arg<unknown>[] = readonly [],
  D = unknown,
>(definition: CommandDefinition<F, A, D>): AnyCommand {
  const flags: Record<string, Flag<unknown>> = { ...definition.flags };
  const share = (name: keyof typeof shared) => {
    const taken = Object.values(flags).some(({ alias }) => alias === shared[name].alias);
    flags[name] ??= taken ? { ...shared[name], alias: undefined } : shared[name];
  };
  share('json');
  if (definition.confirms) share('yes');
  if (definition.confirms) share('force');
  if (definition.plans) share('dryRun');
  return { definition: { ...(definition as unknown as AnyCommand['definition']), flags } };
}

/**
 * A value that must be there: as given, or asked for, or a usage error that names the flag.
 * @param missing What to say, e.g. `a server name: give it as the first argument`.
 */
export async function need<T>(
  ctx: CommandContext,
  value: T | undefined,
  missing: string,
  ask: (prompts: Prompts) => Promise<T>,
): Promise<T> {
  if (value !== undefined) return value;
  if (ctx.prompts) return ask(ctx.prompts);
  throw new McpmError('USAGE', `Missing ${missing}`, { hint: 'Run it in a terminal to be asked.' });
}

/** How a first one of these is had. */
const FIRST = {
  server: 'Install one: mcpm install NAME',
  profile: 'Create one: mcpm profile create NAME',
};

/**
 * The name of a server or profile that a command is about: as given, or picked from those there are.
 * @param names Asked for only when someone is to pick.
 * @throws McpmError `NOT_FOUND` when there is nothing to pick from, `USAGE` without a terminal.
 */
export function needOneOf(
  ctx: CommandContext,
  given: string | undefined,
  what: keyof typeof FIRST,
  names: () => Promise<readonly string[]>,
): Promise<string> {
  return need(ctx, given, `a ${what} name: give it as the first argument`, async (prompts) => {
    const choices = (await names()).map((value) => ({ value, label: value }));
    if (choices.length === 0)
      throw new McpmError('NOT_FOUND', `There are no ${what}s yet`, { hint: FIRST[what] });
    return prompts.select({ message: `Which ${what}?`, choices });
  });
}

/**
 * Go on only with a yes: from `--yes`, or from the person.
 * @param initial What Enter means: yes where nothing is lost, no (the default) where something is.
 * @throws McpmError `CANCELLED`, or `USAGE` without a terminal.
 */
export async function confirm(
  ctx: CommandContext,
  message: string,
  initial = false,
): Promise<void> {
  if (ctx.yes || ctx.dryRun) return;
  if (!ctx.prompts) {
    throw new McpmError('USAGE', `${message} Nobody is there to answer.`, {
      hint: 'Add --yes to go on.',
    });
  }
  if (!(await ctx.prompts.confirm({ message, initial }))) {
    throw new McpmError('CANCELLED', 'Cancelled; nothing was changed');
  }
}
