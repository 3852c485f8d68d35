/** The whole program in-process: words in, exit status and output out. */
import { runProgram } from '../../src/cli/program.ts';
import type { Prompts } from '../../src/cli/prompts/types.ts';
import { splitWords } from '../../src/cli/words.ts';
import { createContext } from '../../src/context.ts';
import { collect, type TestHome } from './home.ts';

/** What one run of the program did. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. */
  json<T = Record<string, never>>(): T;
}

/**
 * Run a command line (`install time --json`, or its words) in a test home. `answers` are given to the prompts in order; without them nobody is
 * there to answer. Left-over answers are an error.
 */
export async function runCli(
  home: TestHome,
  line: string | readonly string[],
  options: { readonly answers?: readonly unknown[]; readonly env?: Record<string, string> } = {},
): Promise<CliResult> {
  const out = collect();
  const err = collect();
  const ctx = createContext({
    ...home.ctx,
    env: { ...home.ctx.env, ...options.env },
    stdout: out.stream,
    stderr: err.stream,
    terminal: {},
  });
  const script = options.answers ? scriptedPrompts(options.answers) : undefined;
  const words = typeof line === 'string' ? splitWords(line) : line;
  const exitCode = await runProgram(ctx, words, script ? { prompts: script.prompts } : {});
  script?.assertUsed();
  const stdout = out.text();
  return { exitCode, stdout, stderr: err.text(), json: () => JSON.parse(stdout) };
}

/** Prompts that answer from a list; validation is applied as on a terminal, a complaint is thrown. */
function scriptedPrompts(answers: readonly unknown[]) {
  const left = [...answers];
  const asked: string[] = [];
  const next = (message: string) => {
    asked.push(message);
    if (left.length === 0) throw new Error(`nobody scripted an answer to: ${message}`);
    return left.shift();
  };
  const text = async (question: {
    message: string;
    validate?: (answer: string) => string | undefined;
  }) => {
    const answer = String(next(question.message));
    const complaint = question.validate?.(answer);
    if (complaint) throw new Error(`${question.message}: ${complaint}`);
    return answer;
  };
  const prompts: Prompts = {
    text,
    secret: text,
    confirm: async ({ message }) => next(message) === true,
    select: async ({ message, choices }) => choiceOf(choices, next(message)),
    multiselect: async ({ message, choices }) =>
      (next(message) as unknown[]).map((answer) => choiceOf(choices, answer)),
  };
  const assertUsed = () => {
    if (left.length > 0)
      throw new Error(
        `answers nobody asked for: ${JSON.stringify(left)} after ${JSON.stringify(asked)}`,
      );
  };
  return { prompts, assertUsed };
}

/** A choice is scripted by its value or its label. */
function choiceOf<T>(choices: readonly { value: T; label: string }[], answer: unknown): T {
  const choice = choices.find(({ value, label }) => value === answer || label === answer);
  if (!choice)
    throw new Error(`no such choice: ${JSON.stringify(answer)} in ${JSON.stringify(choices)}`);
  return choice.value;
}
