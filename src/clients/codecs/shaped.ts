/** Builds a codec from a description of an entry's fields. Most clients differ in nothing but names, and names are data. */
import { McpmError } from '../../errors.ts';
import type { Codec, DisabledFlag, Entry, RemoteEntry, StdioEntry, Transport } from '../types.ts';

/** The fields of an entry that starts a process. */
export interface StdioFields {
  readonly command: string;
  /** `null` when `command` is a list that holds the arguments too. */
  readonly args: string | null;
  readonly env: string;
  /** The client splits a command at spaces, unless it is a list: one that has any is written as a list of one. */
  readonly splits?: true;
}

/** The fields of an entry that reaches a URL. */
export interface RemoteFields {
  readonly url: string;
  readonly headers: string;
}

/** What an entry looks like in a client's file. */
export interface Shape {
  readonly stdio: StdioFields;
  /** Absent when the client cannot reach such servers itself. */
  readonly http?: RemoteFields;
  readonly sse?: RemoteFields;
  /** The field that tells transports apart: what is written, and what else is understood. */
  readonly type?: {
    readonly field: string;
    readonly writes: Readonly<Partial<Record<Transport, string>>>;
    readonly reads?: Readonly<Record<string, Transport>>;
  };
  /** Other fields under which a URL is understood, though never written: older spellings. */
  readonly urlAliases?: readonly string[];
  /** What a URL without a type means; told from the URL itself when absent. */
  readonly untyped?: RemoteEntry['kind'];
  readonly disabled?: DisabledFlag;
  /** Fields that repeat the entry's name. */
  readonly named?: readonly string[];
  /** Fields that a new entry gets and that belong to the user from then on. */
  readonly initial?: (entry: Entry) => Fields;
  /** Headers that a URL gets by fields of the client's own, a variable's value as `${VAR}`. */
  readonly ownHeaders?: (value: Fields) => Readonly<Record<string, string>>;
}

/** A map of a client's file. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Fields that mean something to a process alone, and to a URL alone. They go when an entry becomes the other: Codex, for
 * one, starts no more with a file that has `bearer_token_env_var` beside a `command`.
 */
const FOREIGN = {
  process: ['cwd', 'working_directory', 'workingDirectory', 'envFile', 'env_file', 'env_vars'],
  url: [
    ...['auth', 'oauth', 'oauth_resource', 'scopes', 'authProviderType', 'headersHelper'],
    ...['bearer_token', 'bearer_token_env_var', 'env_http_headers', 'requestOptions'],
  ],
} as const;

/** A codec for a shape. */
export function shaped(shape: Shape): Codec {
  return {
    transports: (['stdio', 'http', 'sse'] as const).filter((kind) => shape[kind] !== undefined),
    disabled: shape.disabled ?? null,
    encode: (entry, name, previous) => {
      const fresh = { ...typeFields(shape, entry.kind), ...fieldsOf(shape, entry) };
      const flag = flagFields(shape, entry);
      if (!isFields(previous)) return { ...firstFields(shape, name, entry), ...fresh, ...flag };
      return overlay(previous, ownedFields(shape, entry, previous), { ...fresh, ...flag });
    },
    decode: (value) => {
      if (!isFields(value)) return undefined;
      const entry = decodeStdio(shape, value) ?? decodeRemote(shape, value);
      const flag = shape.disabled && value[shape.disabled.field];
      if (entry === undefined || typeof flag !== 'boolean') return entry;
      return { ...entry, disabled: flag === shape.disabled?.value };
    },
    named: shape.named ?? [],
    ownHeaders: (value) => (isFields(value) ? (shape.ownHeaders?.(value) ?? {}) : {}),
  };
}

/** Whether a parsed value is a map. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstFields(shape: Shape, name: string, entry: Entry): Fields {
  const named = (shape.named ?? []).map((field) => [field, name]);
  return { ...Object.fromEntries(named), ...shape.initial?.(entry) };
}

function typeFields({ type }: Shape, kind: Transport): Fields {
  const word = type?.writes[kind];
  return type === undefined || word === undefined ? {} : { [type.field]: word };
}

function fieldsOf(shape: Shape, entry: Entry): Fields {
  if (entry.kind === 'stdio') return stdioFields(shape.stdio, entry);
  const names = shape[entry.kind];
  if (names === undefined)
    throw new McpmError('INVALID_INPUT', `This client cannot hold ${entry.kind} entries`, {
      hint: 'Let it run the server through mcpm instead (without --native).',
    });
  return { [names.url]: entry.url, ...whenAny(names.headers, entry.headers) };
}

function stdioFields(names: StdioFields, entry: StdioEntry): Fields {
  const env = whenAny(names.env, entry.env);
  if (names.args === null) return { [names.command]: [entry.command, ...entry.args], ...env };
  const command = names.splits && /\s/.test(entry.command) ? [entry.command] : entry.command;
  return { [names.command]: command, [names.args]: [...entry.args], ...env };
}

function whenAny(field: string, record: Readonly<Record<string, string>>): Fields {
  return Object.keys(record).length === 0 ? {} : { [field]: { ...record } };
}

function flagFields({ disabled }: Shape, entry: Entry): Fields {
  if (disabled === undefined || entry.disabled === undefined) return {};
  return { [disabled.field]: entry.disabled ? disabled.value : !disabled.value };
}

/** Every field that an encoded entry decides about, so that none of an earlier transport is left over. */
function ownedFields(shape: Shape, entry: Entry, previous: Fields): ReadonlySet<string> {
  const remote = [shape.http, shape.sse].flatMap((names) =>
    names ? [names.url, names.headers] : [],
  );
  const { command, args, env } = shape.stdio;
  const type = shape.type === undefined ? [] : [shape.type.field];
  const aliases = shape.urlAliases ?? [];
  const foreign = decodeStdio(shape, previous) === undefined ? FOREIGN.url : FOREIGN.process;
  const same = (foreign === FOREIGN.process) === (entry.kind === 'stdio');
  return new Set([
    ...[command, args ?? command, env, ...remote, ...type, ...aliases],
    ...(same ? [] : foreign),
  ]);
}

/** `fresh` over `previous`: its order and its foreign fields stay, its owned fields go. */
function overlay(previous: Fields, owned: ReadonlySet<string>, fresh: Fields): Fields {
  const kept = Object.entries(previous).filter(([key]) => key in fresh || !owned.has(key));
  return { ...Object.fromEntries(kept), ...fresh };
}

function decodeStdio({ stdio }: Shape, value: Fields): StdioEntry | undefined {
  const command = value[stdio.command];
  const words = typeof command === 'string' ? [command] : strings(command);
  const [program, ...first] = words;
  if (program === undefined || program === '') return undefined;
  const rest = stdio.args === null ? [] : strings(value[stdio.args]);
  return {
    kind: 'stdio',
    command: program,
    args: [...first, ...rest],
    env: record(value[stdio.env]),
  };
}

function decodeRemote(shape: Shape, value: Fields): RemoteEntry | undefined {
  const names = [shape.http, shape.sse].filter((fields) => fields !== undefined);
  const fields = [...names.map((each) => each.url), ...(shape.urlAliases ?? [])];
  const field = fields.find((each) => typeof value[each] === 'string');
  if (field === undefined) return undefined;
  const url = String(value[field]);
  const kind =
    saidTransport(shape, value) ??
    kindOfField(shape, field) ??
    shape.untyped ??
    guessTransport(url);
  const headers = (shape[kind] ?? names[0])?.headers ?? 'headers';
  return { kind, url, headers: record(value[headers]) };
}

/** The transport that a URL's field stands for, where the client has a field for each. */
function kindOfField({ http, sse }: Shape, field: string): RemoteEntry['kind'] | undefined {
  if (http === undefined || sse === undefined || http.url === sse.url) return undefined;
  if (field === http.url) return 'http';
  return field === sse.url ? 'sse' : undefined;
}

/** The remote transport that the type field names, if it does. */
function saidTransport({ type }: Shape, value: Fields): RemoteEntry['kind'] | undefined {
  const word = type && value[type.field];
  if (type === undefined || typeof word !== 'string') return undefined;
  const { http, sse } = type.writes;
  const said = type.reads?.[word] ?? (word === http && word !== sse ? 'http' : undefined);
  const kind = said ?? (word === sse && word !== http ? 'sse' : undefined);
  return kind === 'stdio' ? undefined : kind;
}

/** A URL that says no more than itself: SSE servers end in `/sse` by convention, all others speak Streamable HTTP. */
function guessTransport(url: string): RemoteEntry['kind'] {
  return /\/sse\/?(?:[?#]|$)/.test(url) ? 'sse' : 'http';
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** A map of texts; anything that is none is left out. */
export function record(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {};
  const pairs = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(pairs.map(([key, item]) => [key, String(item)]));
}
