/** `server.json` as it was before schema 2025-09-16: the same fields, written with underscores. */

type Json = Readonly<Record<string, unknown>>;

/** Maps from names that an author chose; what is in them is a field again. */
const OF_NAMES: ReadonlySet<string> = new Set(['variables']);
/** Sections of others, which have rules of their own. */
const FOREIGN: ReadonlySet<string> = new Set(['_meta']);

/** A document with today's names of fields; one that has them already is returned as it is. */
export function withTodaysNames(json: unknown): unknown {
  return isObject(json) && isOlder(json) ? renamed(json) : json;
}

function isOlder({ $schema, packages }: Json): boolean {
  if (String($schema).includes('/2025-07-09/')) return true;
  return Array.isArray(packages) && packages.some((one) => isObject(one) && 'registry_type' in one);
}

function renamed(value: unknown, keepsNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      keepsNames || FOREIGN.has(key)
        ? key
        : key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
      FOREIGN.has(key) ? item : renamed(item, OF_NAMES.has(key)),
    ]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
