/** What all formats share: resolving paths, editing field by field, verifying every result, naming what went wrong. */
import { isDeepStrictEqual } from 'node:util';
import { McpmError } from '../errors.ts';
import { placeAt } from '../platform/json.ts';
import { isSecretName, isSecretValue, MASK, redact } from '../platform/redact.ts';
import {
  childOf,
  isRecord,
  type Key,
  resolveKeys,
  sameModel,
  valueAt,
  withoutValue,
  withValue,
} from './model.ts';
import { Obstacle, type Splicer, SyntaxFault, type TextFormat } from './types.ts';

const BOM = '\uFEFF';

/** A {@link TextFormat} from the splices of a format. */
export function formatFrom(splicer: Splicer): TextFormat {
  return {
    id: splicer.id,
    parse: (text, file) => parse(splicer, text, file),
    set(text, path, value, file) {
      const model = parse(splicer, text, file);
      const keys = resolveKeys(model, path);
      const clean: unknown = JSON.parse(JSON.stringify(value));
      const current = valueAt(model, keys);
      if (isDeepStrictEqual(current, clean)) return text;
      checkContainers(model, keys, file);
      const wanted = withValue(model, keys, clean);
      const task = { file, keys, wanted, value: clean };
      return verified(splicer, text, task, (body) => put(splicer, body, keys, current, clean));
    },
    remove(text, path, file) {
      const model = parse(splicer, text, file);
      const keys = resolveKeys(model, path);
      if (valueAt(model, keys) === undefined) return text;
      const task = { file, keys, wanted: withoutValue(model, keys), value: undefined };
      return verified(splicer, text, task, (body) => splicer.delete(body, keys));
    },
  };
}

/** One edit to be verified: what the text has to hold afterwards. */
interface Task {
  readonly file: string;
  readonly keys: readonly Key[];
  readonly wanted: unknown;
  /** What is to be put there; `undefined` for a removal. */
  readonly value: unknown;
}

function parse(splicer: Splicer, text: string, file: string): unknown {
  try {
    return splicer.parse(withoutBom(text));
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    const { line, column } = placeAt(withoutBom(text), fault.offset);
    throw new McpmError('CONFIG_SYNTAX', `${file}:${line}:${column}: ${fault.message}`, {
      hint: `Mend line ${line} of ${file} by hand; the file was left as it is.`,
      cause: fault,
      data: { file, line, column },
    });
  }
}

function withoutBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/** Field by field, so that what is equal keeps its bytes. */
function put(
  splicer: Splicer,
  text: string,
  keys: readonly Key[],
  current: unknown,
  value: unknown,
): string {
  if (isDeepStrictEqual(current, value)) return text;
  if (current === undefined) return splicer.insert(text, keys, value);
  if (!isRecord(current) || !isRecord(value) || Object.keys(value).length === 0)
    return splicer.replace(text, keys, value);
  try {
    return putFields(splicer, text, keys, current, value);
  } catch (obstacle) {
    if (!(obstacle instanceof Obstacle)) throw obstacle;
    return splicer.replace(text, keys, value);
  }
}

function putFields(
  splicer: Splicer,
  text: string,
  keys: readonly Key[],
  current: Record<string, unknown>,
  value: Record<string, unknown>,
): string {
  let out = text;
  for (const [key, item] of Object.entries(value))
    out = put(splicer, out, [...keys, key], childOf(current, key), item);
  const gone = Object.keys(current).filter((key) => !Object.hasOwn(value, key));
  for (const key of gone) out = splicer.delete(out, [...keys, key]);
  const left = gone.length > 0 ? valueAt(splicer.parse(out), keys) : undefined;
  if (gone.some((key) => childOf(left, key) !== undefined))
    throw new Obstacle('a merge key (<<) brings back what was taken away');
  return out;
}

function verified(
  splicer: Splicer,
  text: string,
  task: Task,
  edit: (body: string) => string,
): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  let after: string;
  try {
    after = edit(withoutBom(text));
    if (sameModel(splicer.parse(after), task.wanted, task.keys)) return bom + after;
  } catch (cause) {
    if (cause instanceof Obstacle) throw refused(task, cause.message, cause);
    if (cause instanceof SyntaxFault) throw refused(task, 'the result would not parse', cause);
    throw cause;
  }
  throw refused(task, 'something else in the file would change');
}

function refused({ file, keys, value }: Task, reason: string, cause?: unknown): McpmError {
  const where = nameOf(keys);
  const act = value === undefined ? 'remove' : 'set';
  const hint =
    value === undefined
      ? `Remove ${where} from ${file} by hand.`
      : `Put this at ${where} of ${file} by hand: ${shown(value)}`;
  return new McpmError('EDIT_REFUSED', `Cannot ${act} ${where} in ${file}: ${reason}`, {
    hint: `${hint} The file was left as it is.`,
    cause,
    data: { file, path: keys },
  });
}

/** A value as a hint may show it: secrets masked. */
function shown(value: unknown): string {
  const masked = (name: string, item: unknown) =>
    typeof item === 'string' && item !== '' && (isSecretName(name) || isSecretValue(item))
      ? MASK
      : item;
  return redact(JSON.stringify(value, masked));
}

/** A container of the wrong kind would have to be thrown away: never. */
function checkContainers(model: unknown, keys: readonly Key[], file: string): void {
  keys.forEach((key, depth) => {
    const container = valueAt(model, keys.slice(0, depth));
    if (container === undefined || container === null) return;
    const fits = typeof key === 'number' ? Array.isArray(container) : isRecord(container);
    if (fits) return;
    const wanted = typeof key === 'number' ? 'a list' : 'a set of keys';
    throw new McpmError(
      'CONFIG_SHAPE',
      `${file}: ${nameOf(keys.slice(0, depth))} is not ${wanted}`,
      {
        hint: `Mend it in ${file} by hand; the file was left as it is.`,
        data: { file, path: keys.slice(0, depth) },
      },
    );
  });
}

function nameOf(keys: readonly Key[]): string {
  return keys.length === 0 ? 'the file' : `"${keys.join('.')}"`;
}
