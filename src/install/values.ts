/** Where an argument's value comes from: a flag, a file, the environment, a default, or the person. */
import { McpmError } from '../errors.ts';
import type { Env } from '../platform/paths.ts';
import { isSecretName } from '../platform/redact.ts';
import type { Argument } from '../registry/index.ts';
import type { Template } from './template.ts';

/** An argument the chosen installation refers to. */
export interface Question {
  readonly name: string;
  readonly argument: Argument;
  /** Hidden at the prompt and kept in the secret store. */
  readonly secret: boolean;
}

/** Where a value was found. */
export type ValueSource = 'flag' | 'file' | 'environment' | 'default' | 'prompt';

/** A value and where it was found. */
export interface Answer {
  readonly values: readonly string[];
  readonly from: ValueSource;
  /** The environment variable, when it came from there. */
  readonly variable?: string;
}

/** What may answer the questions without asking anyone. */
export interface Given {
  /** The name the server will have. */
  readonly server: string;
  /** `--set NAME=VALUE`, in order; a name may occur again. */
  readonly flags: readonly (readonly [string, string])[];
  /** The variables of `--env-file`. */
  readonly file: Readonly<Record<string, string>>;
  readonly env: Env;
}

/** The few questions a person may be asked. The command line's prompts satisfy it. */
export interface Asker {
  text(question: {
    message: string;
    placeholder?: string;
    initial?: string;
    validate?: (answer: string) => string | undefined;
  }): Promise<string>;
  secret(question: {
    message: string;
    validate?: (answer: string) => string | undefined;
  }): Promise<string>;
  select<T>(question: {
    message: string;
    choices: readonly { value: T; label: string; hint?: string }[];
    initial?: T;
  }): Promise<T>;
}

/** The questions of a template, in the manifest's order: only what it refers to is asked for; what no manifest describes is required. */
export function questionsOf(
  template: Template,
  declared: Readonly<Record<string, Argument>>,
): Question[] {
  const described = Object.keys(declared).filter((name) => template.names.includes(name));
  const names = [...described, ...template.names.filter((name) => !Object.hasOwn(declared, name))];
  return names.map((name) => {
    const argument: Argument = own(declared, name) ?? { description: '', required: true };
    const fallback = template.fallbacks[name];
    return {
      name,
      argument:
        argument.default === undefined && fallback !== undefined
          ? { ...argument, default: fallback }
          : argument,
      secret: argument.secret ?? (isSecretName(name) && argument.format !== 'number'),
    };
  });
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Variables that every session has: an argument that is called `path` does not mean them. */
const OF_THE_SYSTEM = new Set(
  'PATH HOME USER USERNAME LOGNAME SHELL TERM LANG PWD OLDPWD HOSTNAME HOST NAME MAIL EDITOR PAGER DISPLAY TMPDIR TEMP TMP OS'.split(
    ' ',
  ),
);

/** The environment variables that may hold an argument's value, in order of precedence. */
export function variablesFor(server: string, argument: string): string[] {
  const upper = (text: string) => text.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  const name = upper(argument);
  const plain = OF_THE_SYSTEM.has(name) ? [argument] : [argument, name];
  return [...new Set([`MCPM_SERVER_${upper(server)}_${name}`, `MCPM_ARG_${name}`, ...plain])];
}

/** Answer what can be answered without a person. Defaults are taken last. @throws McpmError `INVALID_INPUT` for a value that is not acceptable. */
export function gather(questions: readonly Question[], given: Given): Map<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const question of questions) {
    const answer = lookUp(question, given);
    if (!answer) continue;
    for (const value of answer.values) {
      const complaint = check(question.argument, value);
      if (complaint === undefined) continue;
      throw new McpmError('INVALID_INPUT', `${question.name}: ${complaint}`, {
        hint: originOf(answer),
        data: { argument: question.name, from: answer.from },
      });
    }
    answers.set(question.name, answer);
  }
  return answers;
}

function lookUp({ name, argument }: Question, given: Given): Answer | undefined {
  const flags = given.flags.filter(([key]) => key === name).map(([, value]) => value);
  if (flags.length > 0) {
    // `--set NAME=` says that there is no value, whatever else would be one.
    const values = (argument.repeated ? flags : flags.slice(-1)).filter((value) => value !== '');
    return values.length === 0 ? undefined : { values, from: 'flag' };
  }
  const candidates = variablesFor(given.server, name);
  for (const [from, record] of [
    ['file', given.file],
    ['environment', given.env],
  ] as const) {
    for (const variable of candidates) {
      const value = record[variable];
      if (value !== undefined && value !== '') {
        return { values: several(argument, value), from, variable };
      }
    }
  }
  return argument.default === undefined
    ? undefined
    : { values: several(argument, argument.default), from: 'default' };
}

function several(argument: Argument, text: string): string[] {
  if (!argument.repeated) return [text];
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function originOf(answer: Answer): string {
  if (answer.from === 'environment' || answer.from === 'file') {
    return `The value came from ${answer.variable} (${answer.from === 'file' ? 'the environment file' : 'the environment'}).`;
  }
  return answer.from === 'flag' ? 'Give another value with --set.' : 'Give a value with --set.';
}

/** What is wrong with a value, if anything. References to other variables are not looked into. */
function check(argument: Argument, value: string): string | undefined {
  if (/^\$\{[^}]+\}$/.test(value)) return undefined;
  if (argument.choices && !argument.choices.includes(value)) {
    return `must be one of ${argument.choices.join(', ')}`;
  }
  if (argument.format === 'number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) {
    return 'must be a number';
  }
  if (argument.format === 'boolean' && !/^(true|false)$/.test(value)) {
    return 'must be true or false';
  }
  return undefined;
}

/**
 * Ask the person for what is still open.
 * @param optional also for what may be left out
 */
export async function askFor(
  questions: readonly Question[],
  answers: Map<string, Answer>,
  asker: Asker,
  optional: boolean,
): Promise<void> {
  for (const question of questions) {
    const known = answers.get(question.name);
    if (known && known.from !== 'default') continue;
    if (!optional && (known || !question.argument.required)) continue;
    const text = await ask(question, asker);
    // The default of a secret is not shown at the prompt, so leaving that empty cannot mean to clear it.
    if (text === '' && known && question.secret) continue;
    if (text === '') answers.delete(question.name);
    else answers.set(question.name, { values: several(question.argument, text), from: 'prompt' });
  }
}

async function ask(question: Question, asker: Asker): Promise<string> {
  const { argument, secret } = question;
  const message = wordingOf(question);
  const isOpen = argument.required && !(secret && argument.default !== undefined);
  const validate = (answer: string) => {
    if (answer === '') return isOpen ? 'a value is required' : undefined;
    const values = several(argument, answer);
    return values.map((value) => check(argument, value)).find((complaint) => complaint);
  };
  if (secret) return asker.secret({ message, validate });
  const choices =
    argument.choices ?? (argument.format === 'boolean' ? ['true', 'false'] : undefined);
  if (choices) {
    const none = argument.required ? [] : [{ value: '', label: '(none)' }];
    return asker.select({
      message,
      choices: [...choices.map((value) => ({ value, label: value })), ...none],
      initial: argument.default ?? (argument.required ? (choices[0] ?? '') : ''),
    });
  }
  return asker.text({
    message,
    validate,
    ...(argument.default === undefined ? {} : { initial: argument.default }),
    ...(argument.example === undefined ? {} : { placeholder: argument.example }),
  });
}

function wordingOf({ name, argument, secret }: Question): string {
  const about = argument.description === '' ? name : `${name}: ${argument.description}`;
  const remarks = [
    ...(argument.repeated ? ['several: separated by commas'] : []),
    ...(argument.required ? [] : ['optional']),
    ...(secret && argument.default !== undefined ? ['leave empty for the default'] : []),
  ];
  return remarks.length === 0 ? about : `${about} (${remarks.join('; ')})`;
}

/** One error for everything that is missing. */
export function missingError(server: string, missing: readonly Question[]): McpmError {
  const lines = missing.map(
    ({ name, argument }) =>
      `  ${name}${argument.description === '' ? '' : ` – ${argument.description}`}`,
  );
  return new McpmError('USAGE', `${server} needs values for:\n${lines.join('\n')}`, {
    hint: `Give each with --set NAME=VALUE, in the environment (${variablesFor(server, missing[0]?.name ?? '')[0]} …), or with --env-file.`,
    data: { missing: missing.map(({ name }) => name) },
  });
}
