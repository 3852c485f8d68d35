/**
 * An installation as a template: every place that takes a value is written `${NAME}`, whatever form the manifest used.
 *
 * Older manifests write `NAME=your-name` or `--NAME your-name` as arguments, or a placeholder word as the value of an environment
 * variable that is called like the argument; for a container, `-e NAME` alone passes it on. Where a placeholder stands, the name may be
 * spelt another way (`--api-key <key>` for `API_KEY`), or be in the placeholder (`YOUR_READ_TOKEN` for `read_token`).
 */
import type { Argument, Installation, OptionalArgs } from '../registry/index.ts';

/** An installation whose every variable part is `${NAME}`. */
export interface Template {
  readonly command: string | undefined;
  readonly args: readonly (string | OptionalArgs)[];
  readonly env: Readonly<Record<string, string>>;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The arguments it refers to, each once, in order of appearance. */
  readonly names: readonly string[];
  /** What stood where an argument belongs, when it is a usable value and not a placeholder word. */
  readonly fallbacks: Readonly<Record<string, string>>;
}

type Arguments = Readonly<Record<string, Argument>>;

const REFERENCE = /\$\{([^}]+)\}/g;
/** References that are resolved when the server starts, not when it is installed. */
const LATE = /^secret:/;

/** The names that a text refers to as `${NAME}`. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, name]) =>
    name === undefined || LATE.test(name) ? [] : [name],
  );
}

/** Rewrite an installation so that all its variable parts have one form. Pure. */
export function templateOf(installation: Installation, declared: Arguments): Template {
  const fallbacks: Record<string, string> = {};
  const env = { ...modernEnv(installation.env ?? {}, declared, fallbacks) };
  const args: (string | OptionalArgs)[] = [];
  for (const part of installation.args ?? []) {
    const previous = args.at(-1);
    args.push(
      typeof part === 'string'
        ? modernWord(part, typeof previous === 'string' ? previous : '', declared, fallbacks, env)
        : part,
    );
  }
  if (installation.type === 'docker') passEnvironment(args, declared, env);
  const texts = [
    ...args.flatMap((part) => (typeof part === 'string' ? [part] : textsOf(part))),
    ...Object.values(env),
    installation.url ?? '',
    ...Object.values(installation.headers ?? {}),
  ];
  return {
    command: installation.command,
    args,
    env,
    url: installation.url,
    headers: installation.headers ?? {},
    names: [...new Set(texts.flatMap(namesIn))],
    fallbacks,
  };
}

function textsOf({ words, when }: OptionalArgs): readonly string[] {
  return when === undefined ? words : [`\${${when}}`, ...words];
}

/** Whether a text is a word that stands for a value the person has to give. */
export function isPlaceholder(text: string): boolean {
  return (
    text.trim() === '' ||
    /^<.*>$|^\[.*\]$|^\.{3}$|^x{3,}$/i.test(text) ||
    /(^|[^a-z])(your|my)[-_ ]|placeholder|changeme|\/path\/to\/|\/absolute\/path/i.test(text)
  );
}

function modernWord(
  word: string,
  previous: string,
  declared: Arguments,
  fallbacks: Record<string, string>,
  env: Record<string, string>,
): string {
  if (namesIn(word).length > 0) {
    const alone = /^\$\{([^}]+)\}$/.exec(word)?.[1];
    if (alone === undefined || !isEnvFlag(previous)) return word;
    // `docker run -e ${NAME}` can only have meant to pass the variable on.
    env[alone] ??= word;
    return alone;
  }
  const [, key, value] = /^(-{0,2}[^=\s]+)=(.+)$/s.exec(word) ?? [];
  const paired = key === undefined ? undefined : meant(declared, key.replace(/^-+/, ''), value);
  if (paired !== undefined) {
    remember(fallbacks, paired, value ?? '');
    return `${key}=\${${paired}}`;
  }
  const flag = /^--?([^-=].*)$/.exec(previous)?.[1];
  const flagged = word.startsWith('-') ? undefined : meant(declared, flag, word);
  if (flagged === undefined) return word;
  remember(fallbacks, flagged, word);
  return `\${${flagged}}`;
}

/** The argument that a text under a key stands for: that of the key's name; for a placeholder, also one that is spelt like either. */
function meant(declared: Arguments, key: string | undefined, text = ''): string | undefined {
  if (key !== undefined && Object.hasOwn(declared, key)) return key;
  if (!isPlaceholder(text)) return undefined;
  const wanted = [plain(key ?? ''), plain(text.replace(/^\W*(your|my)[-_ ]/i, ''))];
  return Object.keys(declared).find((name) => wanted.includes(plain(name)));
}

/** A name without case and separators. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function modernEnv(
  env: Readonly<Record<string, string>>,
  declared: Arguments,
  fallbacks: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => {
      const names = namesIn(value);
      if (names.some((name) => Object.hasOwn(declared, name))) return [key, value];
      const name = meant(declared, key, value);
      if (name === undefined) return [key, value];
      if (names.length === 0) remember(fallbacks, name, value);
      return [key, `\${${name}}`];
    }),
  );
}

/** `-e NAME` hands a variable of docker's own environment to the container, so it has to be set there. */
function passEnvironment(
  args: readonly (string | OptionalArgs)[],
  declared: Arguments,
  env: Record<string, string>,
): void {
  args.forEach((part, index) => {
    const previous = args[index - 1];
    if (typeof part !== 'string' || typeof previous !== 'string' || !isEnvFlag(previous)) return;
    if (Object.hasOwn(declared, part)) env[part] ??= `\${${part}}`;
  });
}

function isEnvFlag(word: string): boolean {
  return word === '-e' || word === '--env';
}

function remember(fallbacks: Record<string, string>, name: string, text: string): void {
  if (!isPlaceholder(text)) fallbacks[name] ??= text;
}
