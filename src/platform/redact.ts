/** Masking of secrets in anything that a person or a file gets to see. */

/** What stands for a secret. */
export const MASK = '••••••';

const SECRET_NAME =
  /(pass(word|wd|phrase)?|secret|token|api[-_]?key|apikey|access[-_]?key|private[-_]?key|credential|auth(orization)?|bearer|cookie|dsn|connection[-_]?string)/i;

/** Shapes that are secrets wherever they stand, whatever they are called. */
const SECRET_VALUES = [
  /\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[0-9A-Za-z_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
];

/** Whether a name (of a variable, header, argument) is one that usually holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether a value has the shape of a well-known credential. */
export function isSecretValue(value: string): boolean {
  return SECRET_VALUES.some((pattern) => {
    pattern.lastIndex = 0;
    return pattern.test(value);
  });
}

/** Names that are secrets in a query (`?key=…`), harmless as they are elsewhere. */
const QUERY_NAME = /^(key|sig|signature)$/i;
/** `?name=value` or `&name=value`. */
const QUERY_PART = /([?&])([\w.-]+)=([^\s&#"'`<>]+)/g;

function isQuerySecret(name: string, value: string): boolean {
  return (isSecretName(name) || QUERY_NAME.test(name)) && !value.startsWith('$');
}

/** The secrets in the query of an address, name and value as they are written. */
export function secretsInQuery(url: string): [name: string, value: string][] {
  return [...url.matchAll(QUERY_PART)].flatMap(([, , name = '', value = '']) =>
    isQuerySecret(name, value) ? [[name, value] as [string, string]] : [],
  );
}

/**
 * A text with every recognisable secret masked: known shapes, bearer headers, user:password in URLs and secret names in their
 * queries, NAME=value of a secret name.
 */
export function redact(text: string): string {
  let out = text;
  for (const pattern of SECRET_VALUES) out = out.replace(pattern, MASK);
  return out
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MASK}`)
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi, `$1${MASK}@`)
    .replace(QUERY_PART, (whole, before, name, value) =>
      isQuerySecret(name, value) ? `${before}${name}=${MASK}` : whole,
    )
    .replace(
      /([A-Za-z_][\w.-]*)(\s*[=:]\s*)("?)([^\s"',;]+)/g,
      (whole, name, between, quote, value) =>
        isSecretName(name) && !/^(Bearer|Basic)$/i.test(value) && !value.startsWith('$')
          ? `${name}${between}${quote}${MASK}`
          : whole,
    );
}

/** A record of settings (environment, headers) with the values of secret names and secret shapes masked; references stay. */
export function redactRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, redactValue(name, value)]),
  );
}

/** `${VAR}` or `${secret:NAME}`, after a header's scheme or alone. Without a default, which may be a secret itself. */
const REFERENCE = /^(?:(?:Bearer|Basic|Token) )?\$\{(?:secret:[^{}]+|\w+)\}$/;

function redactValue(name: string, value: string): string {
  if (REFERENCE.test(value)) return value;
  return value !== '' && (isSecretName(name) || isSecretValue(value)) ? MASK : redact(value);
}
