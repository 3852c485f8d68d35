/** `${VAR}` and `${secret:NAME}` in the environment and headers of a server. On the path of `mcpm run`: kept light. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';

/** `${secret:NAME}`, `${VAR}` or `${VAR:-default}`. */
const REFERENCE = /\$\{(?:secret:([^{}]+)|([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?)\}/g;

/** How a stored configuration refers to a secret. */
export function secretReference(name: string): string {
  return `\${secret:${name}}`;
}

/** The names of the secrets that a text refers to. */
export function secretsIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, secret]) => (secret ? [secret] : []));
}

/**
 * The record with every reference replaced, once: what a value brings in is not looked at again.
 * `${VAR}` takes the variable of mcpm's own environment; `${VAR:-text}` the text when it is unset or empty. An unset
 * `${VAR}` without a default stays as it is written, as in MCPM v2, and is warned about. The store of secrets is loaded
 * only when a `${secret:…}` occurs.
 * @throws McpmError `SECRET` when a secret is missing or cannot be read.
 */
export async function resolveReferences(
  ctx: Context,
  record: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const secrets = await readAll(ctx, Object.values(record).flatMap(secretsIn));
  const unset = new Set<string>();
  const resolve = (whole: string, secret?: string, variable = '', fallback?: string): string => {
    if (secret !== undefined) return secrets.get(secret) ?? whole;
    const value = ctx.env[variable];
    if (fallback !== undefined) return value || fallback;
    if (value === undefined) unset.add(variable);
    return value ?? whole;
  };
  const resolved = Object.entries(record).map(([key, text]): [string, string] => [
    key,
    text.includes('${') ? text.replace(REFERENCE, resolve) : text,
  ]);
  for (const name of unset)
    ctx.log.warn(`\${${name}} is not set in the environment; the server gets it as written.`);
  return Object.fromEntries(resolved);
}

async function readAll(ctx: Context, names: readonly string[]): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  if (names.length === 0) return values;
  const { readSecret } = await import('./store.ts');
  for (const name of new Set(names)) {
    const value = await readSecret(ctx, name);
    if (value === undefined)
      throw new McpmError('SECRET', `No secret is stored under the name ${name}`, {
        hint: `Store it: mcpm secret set ${name}`,
        data: { name },
      });
    values.set(name, value);
  }
  return values;
}
