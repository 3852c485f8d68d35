/** Runs a command line: from words to an exit status, with every result and every error rendered here alone. */
import { buildApplication, run } from '@stricli/core';
import { type Context, isTrue } from '../context.ts';
import { EXIT_CODES, exitCodeOf, McpmError } from '../errors.ts';
import { VERSION } from '../platform/version.ts';
import { routes } from './app.ts';
import type { AnyCommand, CommandContext, StricliContext } from './command.ts';
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
  const words = emptied(hoist(argv));
  const json = wantsJson(ctx, words);
  let failure: unknown;
  let exitCode = 0;
  let output = ctx.stdout;
  const usage: string[] = [];
  const execute: StricliContext['execute'] = async (definition, flags, args) => {
    try {
      if (definition.serves?.(flags)) output = ctx.stderr;
      const run = { json, output, ...options };
      exitCode = await executeCommand(ctx, definition, flags, args, run);
    } catch (error) {
      failure = error;
    }
  };
  const streams = {
    stdout: {
      write: (text: string) => void ctx.stdout.write(text),
      getColorDepth: () => (ctx.terminal.color ? 8 : 1),
    },
    stderr: { write: (text: string) => void usage.push(text), getColorDepth: () => 1 },
    env: {},
    exitCode: undefined as number | string | null | undefined,
  };
  await run(application(words), words, {
    process: streams as never,
    forCommand: () => ({ process: streams, execute }),
  } as never);
  if (failure === undefined && typeof streams.exitCode === 'number' && streams.exitCode !== 0) {
    failure = frameworkError(streams.exitCode, usage.join('').trim());
  }
  if (failure === undefined) {
    if (usage.length > 0) ctx.stderr.write(usage.join(''));
    return exitCode;
  }
  renderError(ctx, failure, json ? output : undefined);
  return exitCodeOf(failure);
}

function application(words: readonly string[]) {
  return buildApplication<StricliContext>(routes(words), {
    name: 'mcpm',
    versionInfo: { currentVersion: VERSION },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { onlyRequiredInUsageLine: true },
    determineExitCode: exitCodeOf,
  });
}

async function executeCommand(
  ctx: Context,
  definition: AnyCommand['definition'],
  flags: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
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

/** `--flag=` is `--flag` with an empty value, which the framework takes as a word of its own only. */
function emptied(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return words.flatMap((word, index) =>
    index < end && /^--[A-Za-z][\w-]*=$/.test(word) ? [word.slice(0, -1), ''] : [word],
  );
}

function wantsJson(ctx: Context, words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (
    isTrue(ctx.env.MCPM_JSON_OUTPUT) || (end < 0 ? words : words.slice(0, end)).includes('--json')
  );
}

/** The framework names flags as they are in code; people type them with dashes. */
function kebab(text: string): string {
  return text.replace(/--[a-z]+(?:[A-Z][a-z]*)+/g, (name) =>
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
}

/** The framework's own failures are negative statuses with a text on stderr: usage, or a defect of ours. */
function frameworkError(status: number, text: string): Error {
  const [first = 'Invalid command line', ...rest] = kebab(text).split('\n');
  if (status > 0 || status === -6 || status === -7)
    return new Error(text || `exit status ${status}`);
  const hint = rest.join('\n').trim();
  return new McpmError('USAGE', first, {
    hint: hint || 'See `mcpm --help`.',
    data: { exitCode: EXIT_CODES.USAGE },
  });
}
