/** Runs a command line: from words to an exit status, with every result and every error rendered here alone. */
import { type Context, isTrue } from '../context.ts';
import { exitCodeOf } from '../errors.ts';
import type { CommandContext } from './command.ts';
import type { Invocation } from './framework.ts';
import { readPlainLine } from './plain-line.ts';
import type { Prompts } from './prompts/types.ts';
import { renderError } from './render/error.ts';
import { createUi } from './render/ui.ts';

/** What a caller (a test) may bring. */
export interface ProgramOptions {
  /** Answers to prompts instead of a terminal's. */
  readonly prompts?: Prompts;
}

/** Flags that may stand before the subcommand: they move behind it, where the framework reads them. */
const HOISTED = new Set(['--json', '--yes', '-y', '--force', '--dry-run']);

/**
 * Run one command line. Results go to stdout, everything else to stderr.
 * @param argv The words after the program's name.
 * @returns The exit status.
 */
export async function runProgram(
  ctx: Context,
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<number> {
  const words = reformed(hoist(argv));
  const json = wantsJson(ctx, words);
  let output = ctx.stdout;
  try {
    const invocation = (await readPlainLine(words)) ?? (await readAnyLine(ctx, words));
    if (!invocation) return 0;
    if (invocation.definition.serves?.(invocation.flags)) output = ctx.stderr;
    return await executeCommand(ctx, invocation, { json, output, ...options });
  } catch (error) {
    renderError(ctx, error, json ? output : undefined);
    return exitCodeOf(error);
  }
}

async function readAnyLine(ctx: Context, words: readonly string[]) {
  const { readLine } = await import('./framework.ts');
  return readLine(words, {
    print: (text) => void ctx.stdout.write(text),
    warn: (text) => void ctx.stderr.write(text),
    color: ctx.terminal.color,
  });
}

async function executeCommand(
  ctx: Context,
  { definition, flags, args }: Invocation,
  options: ProgramOptions & { json: boolean; output: NodeJS.WritableStream },
): Promise<number> {
  const ui = createUi({ color: ctx.terminal.color, width: ctx.terminal.width });
  const print = (text: string) => {
    if (text !== '') options.output.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  const prompts = options.json ? undefined : (options.prompts ?? (await terminalPrompts(ctx)));
  const commandContext: CommandContext = {
    ...ctx,
    prompts,
    yes: flags.yes === true || flags.force === true || isTrue(ctx.env.MCPM_FORCE),
    dryRun: flags.dryRun === true,
    emit: (data, text) => print(options.json ? JSON.stringify(data) : text),
  };
  const data = await definition.run(commandContext, flags, ...args);
  if (data !== undefined) {
    print(options.json ? JSON.stringify(data, null, 2) : (definition.view?.(data, ui) ?? ''));
  }
  return definition.exitCode?.(data) ?? 0;
}

/** Clack is loaded by the first question, so that commands that ask nothing don't pay for it. */
async function terminalPrompts(ctx: Context): Promise<Prompts | undefined> {
  if (!ctx.terminal.interactive) return undefined;
  const load = async () => (await import('./prompts/clack.ts')).clackPrompts(ctx.stdin, ctx.stderr);
  return {
    text: async (question) => (await load()).text(question),
    secret: async (question) => (await load()).secret(question),
    confirm: async (question) => (await load()).confirm(question),
    select: async (question) => (await load()).select(question),
    multiselect: async (question) => (await load()).multiselect(question),
  };
}

function hoist(argv: readonly string[]): string[] {
  const first = argv.findIndex((word) => !HOISTED.has(word));
  return first < 1 ? [...argv] : [...argv.slice(first), ...argv.slice(0, first)];
}

/**
 * Two things that the framework takes in one form only: `--flag=` is `--flag` with an empty value, and what follows `--args` is
 * its value also when it begins with a dash, as arguments do.
 */
function reformed(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return words.flatMap((word, index) => {
    if (index >= end) return [word];
    if (words[index - 1] === '--args') return [];
    if (word === '--args' && index + 1 < end) return [`--args=${words[index + 1]}`];
    return /^--[A-Za-z][\w-]*=$/.test(word) ? [word.slice(0, -1), ''] : [word];
  });
}

function wantsJson(ctx: Context, words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (
    isTrue(ctx.env.MCPM_JSON_OUTPUT) || (end < 0 ? words : words.slice(0, end)).includes('--json')
  );
}
