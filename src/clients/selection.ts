/** What a client is to hold: from what it holds and what is asked for. Pure, but for the names it checks. */
import { kindOf, type Servers } from '../config/index.ts';
import { McpmError } from '../errors.ts';
import { didYouMean } from '../platform/suggest.ts';
import type { Profile } from '../profiles/index.ts';
import type { Target } from './ownership.ts';
import type { ClientEntry } from './state.ts';

/** Names to hold: exactly these, or some more and some less. */
export interface Names {
  readonly set?: readonly string[] | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** What is asked for. An absent kind stays as it is. */
export interface Wish {
  readonly servers?: Names | undefined;
  readonly profiles?: Names | undefined;
}

/** The names a client holds, or is to hold. */
export interface Selection {
  readonly servers: readonly string[];
  readonly profiles: readonly string[];
  /** Those of the servers that the client reaches by itself (`--native`). */
  readonly native: readonly string[];
}

/** What is installed. */
export interface Inventory {
  readonly servers: Servers;
  readonly profiles: readonly Profile[];
}

/** The targets of a wish: those to write, and those to take away. */
export interface Outcome {
  readonly write: readonly Target[];
  readonly remove: readonly Target[];
}

/**
 * Resolve a wish against what a client holds.
 * @throws McpmError `NOT_FOUND` for a name that is nowhere, with the nearest; `INVALID_INPUT` for a server that cannot be run;
 *   `USAGE` for an exact list together with changes to it.
 */
export function resolveWish(wish: Wish, held: readonly Target[], inventory: Inventory): Outcome {
  const kinds = ['server', 'profile'] as const;
  const outcomes = kinds.map((kind) => {
    const names = (kind === 'server' ? wish.servers : wish.profiles) ?? {};
    const present = held.filter((target) => target.kind === kind).map(({ name }) => name);
    return resolveNames(kind, names, present, inventory);
  });
  return {
    write: outcomes.flatMap(({ write }) => write),
    remove: outcomes.flatMap(({ remove }) => remove),
  };
}

function resolveNames(
  kind: Target['kind'],
  { set, add = [], remove = [] }: Names,
  present: readonly string[],
  inventory: Inventory,
): Outcome {
  if (set !== undefined && add.length + remove.length > 0) {
    throw new McpmError('USAGE', `--set-${kind}s says all of them; adding and removing says some`, {
      hint: 'Give one or the other.',
    });
  }
  const both = add.find((name) => remove.includes(name));
  if (both !== undefined)
    throw new McpmError('USAGE', `The ${kind} ${both} is to be added and removed at once`);
  for (const name of [...(set ?? []), ...add]) checkRunnable(kind, name, inventory);
  for (const name of remove)
    if (!present.includes(name)) checkKnown(kind, name, inventory, present);
  const target = (name: string): Target => ({ kind, name });
  const gone = set === undefined ? remove : present.filter((name) => !set.includes(name));
  const wanted = new Set(set ?? add);
  return {
    write: [...wanted].map(target),
    remove: [...new Set(gone)].filter((name) => present.includes(name)).map(target),
  };
}

function checkRunnable(kind: Target['kind'], name: string, inventory: Inventory): void {
  checkKnown(kind, name, inventory, []);
  const server = kind === 'server' ? inventory.servers[name] : undefined;
  if (server === undefined || kindOf(server) !== 'custom') return;
  throw new McpmError(
    'INVALID_INPUT',
    `${name} belongs to a client: mcpm keeps it, and cannot run it`,
    {
      data: { server: name },
    },
  );
}

function checkKnown(
  kind: Target['kind'],
  name: string,
  { servers, profiles }: Inventory,
  present: readonly string[],
): void {
  const known = kind === 'server' ? Object.keys(servers) : profiles.map((profile) => profile.name);
  if (known.includes(name)) return;
  throw new McpmError('NOT_FOUND', `No ${kind} is called ${JSON.stringify(name)}`, {
    hint: didYouMean(
      name,
      [...known, ...present],
      kind === 'server' ? 'What there is: mcpm ls' : 'What there is: mcpm profile ls',
    ),
    data: { [kind]: name },
  });
}

/** What a client's entries hold of MCPM. */
export function selectionOf(entries: readonly ClientEntry[]): Selection {
  const names = (kind: Target['kind'], native = false) => {
    const some = entries.filter(
      ({ target, entry }) => target?.kind === kind && !(native && entry?.kind === 'stdio'),
    );
    return [...new Set(some.flatMap(({ target }) => target?.name ?? []))];
  };
  return { servers: names('server'), profiles: names('profile'), native: names('server', true) };
}

/** Servers that a selection has alone and in a profile too: their tools would be there twice. */
export function overlapsOf(
  selection: Selection,
  profiles: readonly Profile[],
): { readonly server: string; readonly profiles: readonly string[] }[] {
  return selection.servers.flatMap((server) => {
    const within = profiles.filter(
      ({ name, servers }) => selection.profiles.includes(name) && servers.includes(server),
    );
    return within.length === 0 ? [] : [{ server, profiles: within.map(({ name }) => name) }];
  });
}
