/** The kinds of flags and arguments a command can take: each is typed, documented, and parsed in one way everywhere. */
import type { FlagParametersForType } from '@stricli/core';
import { McpmError } from '../errors.ts';

type StricliFlag = FlagParametersForType<Record<string, unknown>>[string];
type Letter = 'a' | 'd' | 'e' | 'f' | 'N' | 'p' | 's' | 'v' | 'y';

/** A flag that yields a `T`; `undefined` when it is not given, unless it has a default. */
export interface Flag<T> {
  readonly spec: object;
  readonly alias: Letter | undefined;
  /** Carries the type alone. */
  readonly type?: T;
}

/** A positional argument that yields a `T`. */
export interface Arg<T> {
  readonly kind: 'one' | 'rest';
  readonly spec: object;
  readonly type?: T;
}

/** The values of a command's flags, by their names. */
export type FlagValues<F> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };
/** The values of a command's positional arguments, in order. */
export type ArgValues<A extends readonly Arg<unknown>[]> = A extends readonly [{ kind: 'rest' }]
  ? string[]
  : { -readonly [K in keyof A]: A[K] extends Arg<infer T> ? T : never };

interface Extras {
  readonly alias?: Letter;
  /** What stands for the value in the usage line. */
  readonly placeholder?: string;
}

function parsed<T>(brief: string, parse: (text: string) => T, extras: Extras & object): Flag<T> {
  const { alias, ...rest } = extras;
  const spec = { kind: 'parsed', parse, brief, optional: true, ...rest };
  return { spec: spec satisfies Partial<Record<keyof StricliFlag, unknown>>, alias };
}

/** Flags. */
export const flag = {
  /** A switch: absent is `false`. One that is on unless told is switched off by `--no-…`. */
  boolean(
    brief: string,
    extras: Pick<Extras, 'alias'> & { readonly default?: boolean } = {},
  ): Flag<boolean> {
    const { alias, default: value = false } = extras;
    return { spec: { kind: 'boolean', brief, default: value }, alias };
  },
  /** One text. */
  text(brief: string, extras: Extras = {}): Flag<string | undefined> {
    return parsed(brief, (text) => text, extras);
  },
  /** A whole number of at least `min` (0 unless told). */
  integer(
    brief: string,
    extras: Extras & { min?: number; max?: number } = {},
  ): Flag<number | undefined> {
    const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = extras;
    return parsed(brief, (text) => parseInteger(text, min, max), rest);
  },
  /** One of the named values. */
  choice<const V extends string>(
    brief: string,
    values: readonly V[],
    extras: Pick<Extras, 'alias'> = {},
  ): Flag<V | undefined> {
    return { spec: { kind: 'enum', brief, values, optional: true }, alias: extras.alias };
  },
  /** Names separated by commas; the flag can be repeated. `undefined` when absent, `[]` when given empty. */
  list(brief: string, extras: Extras = {}): Flag<readonly string[] | undefined> {
    return repeated(brief, parseList, { placeholder: 'A,B', ...extras });
  },
  /** As {@link flag.list}, where an empty list would mean nothing: a usage error (an unset variable of a script, say). */
  someOf(brief: string, extras: Extras = {}): Flag<readonly string[] | undefined> {
    return repeated(brief, parseSome, { placeholder: 'A,B', ...extras });
  },
  /** `KEY=VALUE` pairs separated by commas; the flag can be repeated. */
  pairs(
    brief: string,
    extras: Extras = {},
  ): Flag<readonly (readonly [string, string])[] | undefined> {
    return repeated(brief, parsePairs, { placeholder: 'KEY=VALUE', ...extras });
  },
  /** One `KEY=VALUE` pair a flag, its value verbatim (commas too); the flag can be repeated. */
  pair(
    brief: string,
    extras: Extras = {},
  ): Flag<readonly (readonly [string, string])[] | undefined> {
    return repeated(brief, (text) => [parsePair(text)], { placeholder: 'KEY=VALUE', ...extras });
  },
};

/** Positional arguments. */
export const arg = {
  required(placeholder: string, brief: string): Arg<string> {
    return { kind: 'one', spec: { brief, placeholder, parse: String } };
  },
  optional(placeholder: string, brief: string): Arg<string | undefined> {
    return { kind: 'one', spec: { brief, placeholder, parse: String, optional: true } };
  },
  /** Any number of them; the only argument of its command. */
  rest(placeholder: string, brief: string): Arg<string> & { readonly kind: 'rest' } {
    return { kind: 'rest', spec: { brief, placeholder, parse: String } };
  },
};

/** A repeatable flag whose every occurrence yields some items; the wrapper flattens them. */
function repeated<T>(
  brief: string,
  parse: (text: string) => readonly T[],
  extras: Extras,
): Flag<readonly T[] | undefined> {
  const { alias, ...rest } = extras;
  return { spec: { kind: 'parsed', parse, brief, optional: true, variadic: true, ...rest }, alias };
}

function parseInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new McpmError('USAGE', `${JSON.stringify(text)} is not a whole number ${range}`);
  }
  return value;
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parseSome(text: string): string[] {
  const items = parseList(text);
  if (items.length === 0) throw new McpmError('USAGE', 'no name is given');
  return items;
}

/**
 * `KEY=VALUE` pairs of a text. Commas separate pairs only where a `KEY=` follows, so a value may hold commas: `A=1,2,B=3`.
 * @throws McpmError `USAGE`.
 */
export function parsePairs(text: string): (readonly [string, string])[] {
  return text
    .split(/,(?=\s*[A-Za-z_][\w.-]*=)/)
    .filter((item) => item.trim() !== '')
    .map(parsePair);
}

function parsePair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  const key = text.slice(0, at).trim();
  if (at < 1 || key === '') {
    throw new McpmError('USAGE', `${JSON.stringify(text)} is not of the form KEY=VALUE`);
  }
  return [key, text.slice(at + 1)];
}
