/** The inputs of a `server.json` as named arguments, and the texts that use them. */
import type { Argument, ArgumentFormat, OptionalArgs } from '../manifest.ts';
import type { Input, KeyValue, PackageArgument } from './schema.ts';

const FORMATS: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'filepath']);

/** Flags that launchers take without a value, whatever a `server.json` forgets to say about them. */
const SWITCHES = /^(-y|--yes|-i|-t|-it|--rm|--interactive|--init|--tty|--quiet|-q)$/;

/** Collects the arguments of one server while its texts are rewritten from `{name}` to `${NAME}`. */
export class Inputs {
  readonly #arguments: Record<string, Argument> = {};

  /** All arguments so far. */
  get all(): Readonly<Record<string, Argument>> {
    return this.#arguments;
  }

  /** The text of an environment variable or header. */
  keyValue(input: KeyValue): string {
    return typeof input.value === 'string'
      ? this.template(input.value, input.variables, input.name)
      : this.#reference(input.name, input);
  }

  /** The words of a command-line argument. */
  words(argument: PackageArgument): (string | OptionalArgs)[] {
    const flag = argument.name ?? '';
    return argument.type === 'named' && flag !== ''
      ? this.#named(flag, argument)
      : this.#positional(argument);
  }

  /** A text with `{name}` for each of its variables; other braces stay as they are. */
  template(
    text: string,
    variables: Readonly<Record<string, Input>> | null | undefined,
    owner: string,
  ): string {
    return text.replace(/(?<!\$)\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = variables?.[name];
      return variable ? this.#reference(name, variable, owner) : whole;
    });
  }

  /** An address, where `{name}` may also be an argument or environment variable that is known by now. */
  address(text: string, variables: Readonly<Record<string, Input>> | null | undefined): string {
    return this.template(text, variables, 'url').replace(
      /(?<!\$)\{([^{}]+)\}/g,
      (whole, name: string) => (Object.hasOwn(this.#arguments, name) ? `\${${name}}` : whole),
    );
  }

  #positional(argument: PackageArgument): (string | OptionalArgs)[] {
    const hint = argument.valueHint ?? 'argument';
    if (typeof argument.value === 'string') {
      return [this.template(argument.value, argument.variables, hint)];
    }
    const word = this.#reference(hint, argument, undefined, argument.isRepeated ?? false);
    return argument.isRequired ? [word] : [{ words: [word] }];
  }

  #named(flag: string, argument: PackageArgument): (string | OptionalArgs)[] {
    const key = flag.replace(/^-+/, '') || flag;
    if (typeof argument.value === 'string') {
      const value = this.template(argument.value, argument.variables, key);
      const words = value === '' ? [flag] : [flag, value];
      return value.includes('${') ? [{ words }] : words;
    }
    if (isSwitch(flag, argument)) return [flag];
    if (argument.format === 'boolean') {
      const when = this.#name(key, { ...argumentOf(argument), required: false });
      return [{ words: [flag], when }];
    }
    const reference = this.#reference(key, argument, undefined, argument.isRepeated ?? false);
    return [{ words: [flag, reference] }];
  }

  #reference(name: string, input: Input, owner?: string, repeated = false): string {
    const argument = argumentOf(input);
    return `\${${this.#name(name, repeated ? { ...argument, repeated } : argument, owner)}}`;
  }

  /** The same name for the same thing; another one where a name is taken by something else. */
  #name(name: string, argument: Argument, owner = ''): string {
    const wanted = name.replace(/[{}$\s]/g, '_');
    for (const candidate of [wanted, `${owner}.${wanted}`, `${wanted}-2`, `${wanted}-3`]) {
      const known = Object.hasOwn(this.#arguments, candidate)
        ? this.#arguments[candidate]
        : undefined;
      if (known && JSON.stringify(known) !== JSON.stringify(argument)) continue;
      this.#arguments[candidate] = argument;
      return candidate;
    }
    return wanted;
  }
}

function isSwitch(flag: string, argument: PackageArgument): boolean {
  if (SWITCHES.test(flag)) return true;
  const { isRequired, choices, placeholder, valueHint, description, format, isSecret } = argument;
  const says = [isRequired, choices, placeholder, valueHint, description, format, isSecret];
  return typeof argument.default !== 'string' && says.every((one) => !one);
}

function argumentOf(input: Input): Argument {
  const format = input.format ?? '';
  const optional = {
    required: input.isRequired ?? undefined,
    secret: input.isSecret ?? undefined,
    example: input.placeholder ?? undefined,
    default: input.default ?? undefined,
    choices: input.choices && input.choices.length > 0 ? input.choices : undefined,
    format: FORMATS.has(format) && format !== 'string' ? (format as ArgumentFormat) : undefined,
  };
  return {
    description: input.description ?? '',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
