/** Values behind texts: resolving paths, building what an edit intends, comparing. */
import { isDeepStrictEqual } from 'node:util';
import type { Path } from './types.ts';

/** A resolved step: a key of an object or an index of a list (the list's length: one behind its end). */
export type Key = string | number;

/** Whether a value is an object with keys (a table, a mapping). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value with ordinary objects throughout, so that the models of any two parsers compare. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Resolve a path against a model: list elements become indexes, a missing element the index behind the end. */
export function resolveKeys(model: unknown, path: Path): Key[] {
  let at = model;
  return path.map((step) => {
    if (typeof step === 'string') {
      at = childOf(at, step);
      return step;
    }
    const list: readonly unknown[] = Array.isArray(at) ? at : [];
    const found = list.findIndex((item) => isRecord(item) && item[step.where] === step.is);
    at = list[found];
    return found < 0 ? list.length : found;
  });
}

/** The value at resolved keys, or `undefined`. */
export function valueAt(model: unknown, keys: readonly Key[]): unknown {
  return keys.reduce(childOf, model);
}

/** The own child of a container. */
export function childOf(container: unknown, key: Key): unknown {
  if (typeof key === 'number') return Array.isArray(container) ? container[key] : undefined;
  return isRecord(container) && Object.hasOwn(container, key) ? container[key] : undefined;
}

/** A copy of the model with a value at resolved keys; containers are made where there is none. */
export function withValue(model: unknown, keys: readonly Key[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const child = withValue(childOf(model, key), rest, value);
  if (typeof key === 'number') {
    const copy: unknown[] = Array.isArray(model) ? [...model] : [];
    copy[key] = child;
    return copy;
  }
  const entries = isRecord(model) ? Object.entries(model).filter(([name]) => name !== key) : [];
  return Object.fromEntries([...entries, [key, child]]);
}

/** A copy of the model without the value at resolved keys. */
export function withoutValue(model: unknown, keys: readonly Key[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined || childOf(model, key) === undefined) return model;
  if (rest.length > 0) return withValue(model, [key], withoutValue(childOf(model, key), rest));
  if (Array.isArray(model)) return model.filter((_, index) => index !== key);
  return Object.fromEntries(Object.entries(model as object).filter(([name]) => name !== key));
}

/** A value wrapped in the containers that resolved keys call for. */
export function nest(keys: readonly Key[], value: unknown): unknown {
  return keys.reduceRight(
    (inner: unknown, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
    value,
  );
}

/** Whether two models are the same, an empty container on the way to `keys` counting as an absent one. */
export function sameModel(a: unknown, b: unknown, keys: readonly Key[]): boolean {
  return isDeepStrictEqual(pruned(a, keys), pruned(b, keys));
}

function pruned(model: unknown, keys: readonly Key[]): unknown {
  const [key, ...rest] = keys;
  let result = model;
  if (key !== undefined && rest.length > 0) {
    const child = pruned(childOf(model, key), rest);
    result = child === undefined ? withoutValue(model, [key]) : withValue(model, [key], child);
  }
  return result === null || isEmpty(result) ? undefined : result;
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) || isRecord(value)) && Object.keys(value).length === 0;
}
