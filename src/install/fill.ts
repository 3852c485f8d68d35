/** Values into a template: every occurrence, verbatim, each argument staying one word. Nothing passes a shell. */
import type { OptionalArgs } from '../registry/index.ts';
import { namesIn, type Template } from './template.ts';

/** What each argument is worth; a repeated argument has several, an argument left out has none. */
export type Values = ReadonlyMap<string, readonly string[]>;

/** What is started or reached. */
export interface Filled {
  readonly command: string | undefined;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly url: string | undefined;
  readonly headers: Record<string, string>;
}

/** Switches that take no value, so that they stay when the word behind them goes. */
const SWITCHES = new Set([
  '-y',
  '--yes',
  '-i',
  '-t',
  '-it',
  '-d',
  '--rm',
  '--init',
  '--interactive',
]);

/**
 * Fill a template. An optional argument without a value takes away what stood only for it: the word, the flag before the word, the
 * environment variable, the header.
 */
export function fill(template: Template, values: Values): Filled {
  return {
    command: template.command,
    args: fillArgs(template.args, values),
    env: fillRecord(template.env, values),
    url: template.url === undefined ? undefined : fillText(template.url, values, ''),
    headers: fillRecord(template.headers, values),
  };
}

function fillArgs(parts: readonly (string | OptionalArgs)[], values: Values): string[] {
  const out: string[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') {
      out.push(...fillGroup(part, values));
    } else if (lacksNone(part, values)) {
      out.push(...fillWord(part, values));
    } else if (!part.startsWith('-')) {
      const flag = out.at(-1);
      if (flag?.startsWith('-') && !flag.includes('=') && !SWITCHES.has(flag)) out.pop();
    }
  }
  return out;
}

/** A word that is one reference becomes as many words as there are values. */
function fillWord(word: string, values: Values): string[] {
  const alone = /^\$\{([^}]+)\}$/.exec(word)?.[1];
  const many = alone === undefined ? undefined : values.get(alone);
  return many ? [...many] : [fillText(word, values)];
}

/** Words that belong together, once for each value of the argument in them that has the most. */
function fillGroup({ words, when }: OptionalArgs, values: Values): string[] {
  if (when !== undefined && values.get(when)?.at(-1) !== 'true') return [];
  if (!words.every((word) => lacksNone(word, values))) return [];
  const names = words.flatMap(namesIn);
  const times = Math.max(1, ...names.map((name) => values.get(name)?.length ?? 0));
  return Array.from({ length: times }, (_, index) => {
    const nth = new Map(
      names.map((name) => {
        const all = values.get(name) ?? [];
        return [name, [all[index] ?? all.at(-1) ?? '']];
      }),
    );
    return words.map((word) => fillText(word, nth));
  }).flat();
}

function fillRecord(
  record: Readonly<Record<string, string>>,
  values: Values,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, text]) => lacksNone(text, values))
      .map(([key, text]) => [key, fillText(text, values)]),
  );
}

function lacksNone(text: string, values: Values): boolean {
  return namesIn(text).every((name) => (values.get(name)?.length ?? 0) > 0);
}

function fillText(text: string, values: Values, absent?: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined || value.length === 0 ? (absent ?? whole) : value.join(',');
  });
}
