/** Clients' own entries as servers of mcpm. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isRemote, isStdio, type Server, type Servers } from '../config/index.ts';
import { isSecretName, redact } from '../platform/redact.ts';
import type { ClientKey } from './keys.ts';
import { openSecretsOf, saysSame, valuesOf, withReferences } from './secret-parts.ts';
import type { ClientEntry, ClientState } from './state.ts';
import type { ClientRow, Entry } from './types.ts';

/** Where an entry is. */
export interface Origin {
  readonly client: ClientKey;
  readonly file: string;
  readonly entry: string;
}

/** A server that clients have and mcpm may take over. */
export interface Candidate {
  /** What it will be called. */
  readonly name: string;
  readonly server: Server;
  /** The entries that say this very server, in one client or several. */
  readonly origins: readonly Origin[];
  /** The installed server that is the same; then there is nothing to add. */
  readonly same: string | undefined;
  /** Variables, headers and parts of a query (`?name`) that look like secrets. */
  readonly secrets: readonly string[];
  /** What the person should know. */
  readonly notes: readonly string[];
}

/** The candidates in clients' files, the same server of several entries once. MCPM's own entries are none. */
export function candidatesOf(
  states: readonly ClientState[],
  servers: Servers,
  options: { readonly force?: boolean } = {},
): Candidate[] {
  const found: Candidate[] = [];
  for (const state of states) {
    for (const entry of state.entries) {
      if (entry.target !== undefined) continue;
      const origin = { client: state.row.key, file: state.file, entry: entry.name };
      const fields = fieldsOf(state.row, entry);
      const twin = found.findIndex(({ server }) => isSame(server, fields));
      const known = found[twin];
      if (known) found[twin] = { ...known, origins: [...known.origins, origin] };
      else {
        const fresh = candidate(origin, fields, found, servers, options.force === true);
        const passed = fresh.same === undefined ? passedOn(state.row, entry) : [];
        found.push({ ...fresh, notes: [...fresh.notes, ...passed] });
      }
    }
  }
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

function candidate(
  origin: Origin,
  fields: Fields,
  others: readonly Candidate[],
  servers: Servers,
  force: boolean,
): Candidate {
  const same = Object.values(servers).find((server) => isSame(server, fields))?.name;
  const taken = new Set(others.map(({ name }) => name));
  if (!force) for (const name of Object.keys(servers)) taken.add(name);
  const name = same ?? freeName(serverName(origin.entry), origin.client, taken);
  const server = { name, profile_tags: [], ...fields } as unknown as Server;
  return {
    name,
    server,
    origins: [origin],
    same,
    secrets: Object.keys(openSecretsOf(server)),
    notes: same === undefined ? notesOf(server) : [],
  };
}

/** A server's name from an entry's: only what a name may have. */
function serverName(entry: string): string {
  const safe = entry
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/[^A-Za-z0-9]+$/, '')
    .slice(0, 80);
  return safe === '' ? 'server' : safe;
}

function freeName(name: string, client: string, taken: ReadonlySet<string>): string {
  const tries = [name, `${name}-${client}`];
  for (let n = 2; n <= taken.size + 2; n++) tries.push(`${name}-${client}-${n}`);
  return tries.find((each) => !taken.has(each)) ?? name;
}

/** What a server is made of: how it is reached, its working folder, and what only the client understands. */
function fieldsOf(row: ClientRow, { name, value, entry }: ClientEntry): Fields {
  if (entry === undefined) return { config: value };
  const reached = reachedBy(withOwnHeaders(entry, row.codec.ownHeaders(value)));
  const known = new Set(Object.keys(row.codec.encode(translated(entry), name)));
  const all = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const flag = row.codec.disabled?.field;
  const rest = all.filter(([key]) => !known.has(key) && key !== flag && !isEmpty(key, value));
  const { cwd, ...others } = Object.fromEntries(rest);
  return {
    ...reached,
    ...(typeof cwd === 'string' && entry.kind === 'stdio' ? { cwd } : {}),
    ...(Object.keys(others).length > 0 ? { client_fields: { [row.key]: others } } : {}),
  };
}

function withOwnHeaders(entry: Entry, own: Readonly<Record<string, string>>): Entry {
  return entry.kind === 'stdio' ? entry : { ...entry, headers: { ...own, ...entry.headers } };
}

/** An empty record of variables or headers, which an encoder leaves out. */
function isEmpty(key: string, value: unknown): boolean {
  const field = (value as Fields)[key];
  return isDeepStrictEqual(field, {}) || isDeepStrictEqual(field, []);
}

function reachedBy(entry: Entry): Fields {
  const { kind, disabled: _, ...fields } = translated(entry);
  return kind === 'sse' ? { ...fields, transport: 'sse' } : fields;
}

/** `${env:VAR}`, as Cursor and VS Code write it, and `{env:VAR}` of OpenCode, are `${VAR}` here. */
function translated(entry: Entry): Entry {
  const ours = (text: string) => text.replaceAll(/\$?\{env:/g, '${');
  const record = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, ours(text)]));
  return entry.kind === 'stdio'
    ? { ...entry, env: record(entry.env) }
    : { ...entry, url: ours(entry.url), headers: record(entry.headers) };
}

/** Whether a server and an entry's fields mean the same; a reference stands for any value. */
function isSame(server: Server, fields: Fields): boolean {
  if (isStdio(server))
    return (
      server.command === fields.command &&
      isDeepStrictEqual(server.args, fields.args) &&
      sameRecord(server.env, fields.env)
    );
  if (isRemote(server))
    return saysSame(server.url, String(fields.url)) && sameRecord(server.headers, fields.headers);
  return (
    fields.config !== undefined &&
    isDeepStrictEqual(structuredClone(server.config), structuredClone(fields.config))
  );
}

function sameRecord(ours: Readonly<Record<string, string>>, theirs: unknown): boolean {
  const record = (theirs ?? {}) as Readonly<Record<string, string>>;
  const keys = Object.keys(ours);
  return (
    keys.length === Object.keys(record).length &&
    keys.every((key) => saysSame(ours[key], record[key]))
  );
}

/** Variables that the client took from its own environment, and that it may keep from what it starts. */
function passedOn({ title, codec }: ClientRow, { name, value }: ClientEntry): string[] {
  const texts = Object.values(codec.ownHeaders(value)).join();
  const variables = (texts.match(/(?<=\$\{)\w+(?=\})/g) ?? []).join(', ');
  return variables === ''
    ? []
    : [
        `${name} takes ${variables} from the environment, and ${title} may not pass it on to mcpm: store it with mcpm secret set instead.`,
      ];
}

/** References in variables and headers that only the client resolves: inputs, folders, files, what a shell expands. */
const FOREIGN =
  /\$\{(input:|workspaceFolder|userHome|\{)[^}]*\}+|\{file:[^}]*\}|\$\([^)]*\)|(?<![\w$])\$[A-Z_][A-Z0-9_]*\b/g;

/** References that only the client could resolve, and secrets that stay where they are. */
function notesOf(server: Server): string[] {
  const referring = [...Object.values(valuesOf(server)), ...(isRemote(server) ? [server.url] : [])];
  const foreign = [
    ...referring.flatMap((text) => text.match(FOREIGN) ?? []),
    ...(isStdio(server) ? server.args : []).flatMap(
      (text) => text.match(/\$\{[^}]*\}+|\{(env|file):[^}]*\}/g) ?? [],
    ),
  ];
  const where = isRemote(server) ? 'URL' : 'arguments';
  return [
    ...(foreign.length > 0
      ? [
          `${[...new Set(foreign)].join(', ')} means something to the client alone: replace it with mcpm edit ${server.name}.`,
        ]
      : []),
    ...(isExposed(server)
      ? [`${server.name} has a secret in its ${where}, which stays there; a variable can be moved.`]
      : []),
  ];
}

/** Whether a secret stands where none is moved from: in the URL before its query, in an argument or behind its flag. */
function isExposed(server: Server): boolean {
  if (isRemote(server)) {
    const { url } = withReferences(server, () => '${secret:x}') as typeof server;
    return redact(url) !== url;
  }
  if (!isStdio(server)) return false;
  return server.args.some((arg, index) => {
    const flag = server.args[index - 1] ?? '';
    const named = /^--?\w/.test(flag) && isSecretName(flag) && !flag.includes('=');
    return redact(arg) !== arg || (named && !/^(-|\$\{)/.test(arg));
  });
}
