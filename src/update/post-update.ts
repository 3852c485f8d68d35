/** The command that makes a checkout ready after an update: `npm ci && npm run build`. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { runTool } from '../platform/tool.ts';

/** How long one step may take, in milliseconds. */
const LIMIT = 10 * 60_000;

/** White space, `&&`, a quoted text, characters that mean nothing to a shell, or one that does. */
const PIECE = /\s+|&&|'([^']*)'|"([^"\\$`]*)"|([^\s'"|&;<>()$`{}*?~#\\]+)|[\s\S]/g;

/**
 * The steps of a command, each a list of words. Steps are joined by `&&`; quotes group words; nothing else has a meaning, and no shell is
 * ever started but by name.
 * @throws McpmError `INVALID_INPUT` for a command that needs a shell.
 */
export function stepsOf(commandLine: string): readonly (readonly string[])[] {
  const steps = splitSteps(commandLine);
  if (steps?.every(isRunnable)) return steps;
  throw new McpmError('INVALID_INPUT', `The post-update command needs a shell: ${commandLine}`, {
    hint: `Ask for one in sources.json, for example: "post_update": "sh -c '${commandLine.replace(/'/g, '')}'"`,
    data: { command: commandLine },
  });
}

/**
 * Run the steps in a folder, one after the other.
 * @param limitMs how long each may take; ten minutes unless told
 * @throws McpmError `PARTIAL` for the first step that fails or takes too long, with the end of its output.
 */
export async function runSteps(
  ctx: Context,
  folder: string,
  steps: readonly (readonly string[])[],
  limitMs = LIMIT,
): Promise<void> {
  for (const [program = '', ...args] of steps) {
    const shown = [program, ...args].join(' ');
    ctx.log.info(`${folder}: ${shown}`);
    const { exitCode, timedOut, stdout, stderr } = await runTool(program, args, {
      cwd: folder,
      env: ctx.env,
      platform: ctx.platform,
      timeoutMs: limitMs,
    });
    if (exitCode === 0) continue;
    const how = timedOut
      ? `took more than ${limitMs / 1000} s and was ended`
      : `failed (exit ${exitCode ?? 'by signal'})`;
    const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
    throw new McpmError('PARTIAL', `${shown} ${how} in ${folder}\n${output}`, {
      hint: 'The checkout was put back to where it was.',
      data: { command: shown, folder },
    });
  }
}

/** The words of each step, or `undefined` when the line needs a shell. */
function splitSteps(line: string): string[][] | undefined {
  const steps: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) steps.at(-1)?.push(word);
    word = undefined;
  };
  for (const [piece, single, double, bare] of line.matchAll(PIECE)) {
    const text = single ?? double ?? bare;
    if (text !== undefined) word = `${word ?? ''}${text}`;
    else if (piece.trim() === '') endWord();
    else if (piece === '&&') {
      endWord();
      steps.push([]);
    } else return undefined;
  }
  endWord();
  return steps;
}

/** There is a program, and not an assignment that only a shell would make. */
function isRunnable([program]: readonly string[]): boolean {
  return program !== undefined && !/^\w+=/.test(program);
}
