/** Everything a client can see of a server without changing the world, as one object that can be compared. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { LineClient, type Wire } from '../../helpers/engine.ts';
import type { Call } from './table.ts';

/** How long a program has to end by itself, in milliseconds. A gateway needs a while to end servers that never do. */
const PATIENCE = 5_000;

/** A server, or a gateway, on its standard streams. */
export interface Session {
  readonly client: LineClient;
  /** End it: its input is closed, and it is killed when it has not ended after `patience` milliseconds. */
  end(patience?: number): Promise<void>;
}

/** Start a program and speak lines with it. */
export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Session {
  const child: ChildProcess = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  const gone = once(child, 'exit');
  if (!child.stdout) throw new Error('no stdout');
  const client = new LineClient((line) => child.stdin?.write(line), child.stdout);
  client.answers = { 'roots/list': () => ({ roots: [] }) };
  child.once('close', (code, signal) =>
    client.fail(new Error(`${args.join(' ')} ended with ${code ?? signal}`)),
  );
  return {
    client,
    async end(patience = PATIENCE) {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** What a request led to. */
type Outcome = Pick<Wire, 'result' | 'error'>;

/** What was seen of a server. */
export interface Observation {
  readonly initialize: Outcome;
  readonly lists: Readonly<Record<string, Outcome>>;
  readonly read: Outcome;
  readonly prompt: Outcome;
  readonly calls: readonly Outcome[];
  readonly strange: readonly Outcome[];
}

const LISTS = ['tools', 'prompts', 'resources', 'resources/templates'];

/** Open a session with unknown fields and capabilities in it. */
export function open(client: LineClient): Promise<Wire> {
  return client.initialize({
    capabilities: { roots: {}, sampling: {}, elicitation: {}, experimental: { vendor: { x: 1 } } },
    clientInfo: { name: 'differential', title: 'D', version: '1', vendor: true },
    vendor: { y: [1.5, null] },
  });
}

/** Look at one server through a session that is open. */
export async function observe(
  client: LineClient,
  opened: Wire,
  calls: readonly Call[],
): Promise<Observation> {
  const seen = await look(client, calls);
  const ask = asker(client);
  return {
    initialize: { result: opened.result },
    ...seen,
    strange: [
      await ask('vendor/method', { a: { b: 1 } }),
      await ask('ping'),
      await ask('tools/call', { name: 'no_such_tool', arguments: { x: 1 } }),
      await ask('tools/call', { name: 42 }),
      await ask('completion/complete', { ref: { type: 'ref/prompt', name: 'none' } }),
    ],
  };
}

/** What sends a request. */
interface Asking {
  request(method: string, params: object): Promise<Outcome>;
}

function asker(client: Asking) {
  return async (method: string, params: object = {}): Promise<Outcome> => {
    const { result, error } = await client.request(method, params);
    return error ? { error } : { result };
  };
}

/** Everything that a server lists, the first of each, and some calls. */
async function look(client: Asking, calls: readonly Call[]) {
  const ask = asker(client);
  const call = ([name, args]: Call) => ask('tools/call', { name, arguments: args });
  const lists: Record<string, Outcome> = {};
  for (const kind of LISTS) lists[kind] = await ask(`${kind}/list`);
  const [resource] = lists.resources?.result?.resources ?? [];
  const [prompt] = lists.prompts?.result?.prompts ?? [];
  const done: Outcome[] = [];
  for (const one of calls) done.push(await call(one));
  return {
    lists,
    read: resource ? await ask('resources/read', { uri: resource.uri }) : {},
    prompt: prompt ? await ask('prompts/get', { name: prompt.name, vendor: 1 }) : {},
    calls: done,
  };
}

/** What is seen of one server among several, by names and URIs that carry the server's name. */
export interface PartialObservation {
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  readonly read: Outcome;
  readonly prompt: Outcome;
  readonly calls: readonly Outcome[];
  /** What it says to a tool that it does not have. */
  readonly unknownTool: Outcome;
}

/** Which member of a list's result holds the entries, and what names an entry. */
const ENTRIES: Readonly<Record<string, readonly [member: string, key: string]>> = {
  tools: ['tools', 'name'],
  prompts: ['prompts', 'name'],
  resources: ['resources', 'uri'],
  'resources/templates': ['resourceTemplates', 'uriTemplate'],
};

/** Look at one server of several, through a session that is open. */
export async function observePart(
  client: LineClient,
  server: string,
  calls: readonly Call[],
): Promise<PartialObservation> {
  const ask = asker(client);
  const lists: Record<string, Record<string, unknown>[]> = {};
  for (const [kind, [member, key]] of Object.entries(ENTRIES)) {
    const { result } = await ask(`${kind}/list`);
    const entries: Record<string, unknown>[] = result?.[member] ?? [];
    const mine = (name: string) =>
      key === 'name' ? name.startsWith(`${server}_`) : name.includes(`:${'//'}${server}/`);
    lists[kind] = entries.filter((entry) => mine(String(entry[key])));
  }
  const [resource] = lists.resources ?? [];
  const [prompt] = lists.prompts ?? [];
  const done: Outcome[] = [];
  for (const [name, args] of calls)
    done.push(await ask('tools/call', { name: `${server}_${name}`, arguments: args }));
  return {
    lists,
    read: resource ? await ask('resources/read', { uri: resource.uri }) : {},
    prompt: prompt ? await ask('prompts/get', { name: prompt.name, vendor: 1 }) : {},
    calls: done,
    unknownTool: await ask('tools/call', {
      name: `${server}_no_such_tool`,
      arguments: { x: 1 },
    }),
  };
}

/** What should be seen in a profile of a server that looks like this alone: the same, with its name in names and URIs. */
export function inProfile(server: string, alone: Observation): PartialObservation {
  const lists = Object.entries(ENTRIES).map(([kind, [member, key]]) => {
    const entries: Record<string, unknown>[] = alone.lists[kind]?.result?.[member] ?? [];
    const named = entries.map((entry) => ({
      ...(withUris(server, entry) as object),
      [key]: key === 'name' ? `${server}_${entry.name}` : withServer(server, String(entry[key])),
    }));
    return [kind, named];
  });
  return {
    lists: Object.fromEntries(lists),
    read: withUris(server, alone.read) as Outcome,
    prompt: withUris(server, alone.prompt) as Outcome,
    calls: alone.calls.map((call) => withUris(server, call) as Outcome),
    unknownTool: alone.strange[2] ?? {},
  };
}

/** The capabilities of a server as those of a profile must have them at least: its lists can always change there. */
export function capabilitiesInProfile(alone: Observation): object {
  const { capabilities } = alone.initialize.result;
  const own = Object.entries(capabilities as Record<string, object>).map(([kind, declared]) => {
    const changes = LISTS.includes(kind) ? { listChanged: true } : {};
    const held = Object.entries(declared).filter(([, value]) => value !== false);
    return [kind, { ...Object.fromEntries(held), ...changes }];
  });
  return Object.fromEntries(own);
}

const MODERN = 'io.modelcontextprotocol/';

/** What a client of the new era sees of a server; what only that era adds is taken off again. */
export async function observeStateless(
  client: LineClient,
  calls: readonly Call[],
): Promise<Pick<Observation, 'lists' | 'read' | 'prompt' | 'calls'>> {
  const _meta = {
    [`${MODERN}protocolVersion`]: '2026-07-28',
    [`${MODERN}clientInfo`]: { name: 'differential', version: '1' },
    [`${MODERN}clientCapabilities`]: { roots: {}, sampling: {}, elicitation: {} },
  };
  const asking = {
    request: async (method: string, params: object) => {
      const { result, error } = await client.request(method, { ...params, _meta });
      return error ? { error } : { result: withoutStamps(result) };
    },
  };
  const { lists, read, prompt, calls: done } = await look(asking, calls);
  return { lists, read, prompt, calls: done };
}

/** A result without what the new era adds to it. */
function withoutStamps({ resultType, ttlMs, cacheScope, _meta, ...own }: Record<string, unknown>) {
  expect(resultType).toBe('complete');
  const { [`${MODERN}serverInfo`]: _, ...meta } = (_meta ?? {}) as Record<string, unknown>;
  return Object.keys(meta).length > 0 ? { ...own, _meta: meta } : own;
}

function withServer(server: string, uri: string): string {
  return uri.replace('://', `://${server}/`);
}

/** A value with the server's name put into every URI of a resource in it. */
function withUris(server: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withUris(server, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [
      key,
      URI_KEYS.has(key) && typeof below === 'string'
        ? withServer(server, below)
        : withUris(server, below),
    ]),
  );
}

/** Members that hold the URI of a resource of the server. */
const URI_KEYS = new Set(['uri', 'resourceUri', 'ui/resourceUri']);
