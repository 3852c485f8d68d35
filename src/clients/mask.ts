/** Secrets of configuration files, masked wherever they are shown. */
import { type FormatId, formatOf } from '../edit/index.ts';
import { isSecretName, isSecretValue, MASK, redact } from '../platform/redact.ts';

/** The fields in which clients keep variables and headers: whatever is in them is treated with care. */
const CAREFUL = /^(env|envs|environment|headers|http_headers|requestOptions)$/;

/**
 * A function that masks, in any line, the secrets that the given texts hold: values of secret names, values of known secret
 * shapes, what follows a secret flag, and every variable and header that is not a plain word or number.
 */
export async function maskerOf(
  id: FormatId,
  file: string,
  texts: readonly (string | undefined)[],
): Promise<(line: string) => string> {
  const format = await formatOf(id);
  const found = new Set<string>();
  for (const text of texts) collect(format.parse(text ?? '', file), '', false, found);
  const whole = texts.join('\n');
  const forms = [...found].map((value) => formsIn(whole, value));
  const patterns = forms
    .flat()
    .sort((a, b) => b.length - a.length)
    .map(patternOf);
  if (forms.some((some) => some.length === 0)) patterns.push(ESCAPED);
  return (line) => redact(patterns.reduce((out, pattern) => out.replace(pattern, MASK), line));
}

/** What is inside quotes and has a character written by its number: a secret may hide in it. */
const ESCAPED = /(?<=")(?:[^"\\]|\\.)*\\[xuU][0-9A-Fa-f](?:[^"\\]|\\.)*(?=")/g;

/** How a value is written in a text: as it is, escaped, or spread over lines; none when it is in no way that is known. */
function formsIn(text: string, value: string): string[] {
  const written = [value, JSON.stringify(value).slice(1, -1), value.replaceAll("'", "''")];
  const whole = written.filter((form) => text.includes(form));
  if (whole.length > 0 && !/\n/.test(value)) return whole;
  return value.split(/\s+/).filter((word) => word.length > 3 && text.includes(word));
}

/** A secret in a line; a short one only as a word of its own, lest every `a` be masked. */
function patternOf(secret: string): RegExp {
  const literal = secret.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(secret.length < 6 ? `(?<=["'=\\s])${literal}(?=["',\\s]|$)` : literal, 'g');
}

function collect(value: unknown, name: string, careful: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    if (isSecret(value, name, careful)) found.add(value);
    else for (const segment of tokensOfUrl(value)) found.add(segment);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      const flag: unknown = value[index - 1];
      const named = typeof flag === 'string' && flag.startsWith('-') ? flag : name;
      collect(item, named, false, found);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      collect(item, key, CAREFUL.test(name) || CAREFUL.test(key), found);
  }
}

function isSecret(value: string, name: string, careful: boolean): boolean {
  if (value === '' || /^\$\{[^}]*\}$/.test(value)) return false;
  if (isSecretName(name) || isSecretValue(value)) return true;
  const [flag = '', ...rest] = value.split('=');
  if (flag.startsWith('-') && rest.length > 0 && isSecretName(flag)) return true;
  return careful && value.length >= 16 && /^[A-Za-z0-9+/_.=-]+$/.test(value) && /\d/.test(value);
}

/** Parts of a URL's path that look like tokens: some services put the key there. */
function tokensOfUrl(value: string): string[] {
  if (!/^https?:\/\//i.test(value)) return [];
  const segments = value.split(/[?#]/)[0]?.split('/').slice(3) ?? [];
  return segments.filter((one) => /^[\w-]{20,}$/.test(one) && /\d/.test(one) && /[a-z]/i.test(one));
}
