/** What an edit of a client's file will do: from its text to another one. */
import type { Context } from '../context.ts';
import { applyChanges, type Change, formatOf } from '../edit/index.ts';
import { McpmError } from '../errors.ts';
import { commandFor, launcherNote } from './launcher.ts';
import { nativeEntry } from './native.ts';
import { entryName, runWords, sameTarget, type Target } from './ownership.ts';
import { entryPath } from './section.ts';
import {
  type Inventory,
  overlapsOf,
  resolveWish,
  type Selection,
  selectionOf,
  type Wish,
} from './selection.ts';
import { type ClientEntry, type ClientState, stateOf } from './state.ts';
import type { ClientRow, Entry, Scope } from './types.ts';

/** How entries are written. */
export interface Manner {
  readonly scope?: Scope | undefined;
  /** Remote servers become the client's own URL entries: all, or these. */
  readonly native?: boolean | readonly string[] | undefined;
  /** An entry of the person's own that has the name of one of MCPM's may be written over. */
  readonly force?: boolean | undefined;
}

/** One entry that an edit touches. */
export interface EntryChange {
  readonly kind: 'add' | 'change' | 'remove';
  readonly entry: string;
  readonly target: Target;
}

/** What an edit will do. */
export interface Plan {
  readonly row: ClientRow;
  readonly file: string;
  /** `undefined` when there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
  readonly changes: readonly EntryChange[];
  /** What the client holds of MCPM afterwards. */
  readonly selection: Selection;
  /** What the person should know. */
  readonly notes: readonly string[];
  /** Whether entries need the launcher. */
  readonly launcher: boolean;
}

/** One write or removal, before it is compared with what is there. */
interface Step extends Change {
  readonly entry: string;
  readonly target: Target;
}

/**
 * Plan an edit. Nothing is written.
 * @param earlier Former texts of the file, newest first, to go back to when a removal leads there.
 * @throws McpmError as `resolveWish`; `CONFLICT` when the person has an entry of that name; `EDIT_REFUSED`.
 */
export async function planEdit(
  ctx: Context,
  state: ClientState,
  wish: Wish,
  inventory: Inventory,
  manner: Manner = {},
  earlier: readonly string[] = [],
): Promise<Plan> {
  const { row, file, text: before } = state;
  const format = await formatOf(row.format);
  const held = state.entries.flatMap(({ target }) => (target ? [target] : []));
  const outcome = resolveWish(wish, held, inventory);
  const command = await commandFor(ctx, row, manner.scope ?? 'user');
  const written = outcome.write.map((target) => write(state, target, inventory, command, manner));
  const steps = [
    ...outcome.remove.flatMap((target) => removals(state, target)),
    ...written.map(({ step }) => step),
  ];
  const start = before ?? row.newFile;
  const after = applyChanges(format, start, steps, file, earlier);
  const now = stateOf(state, after, format);
  const selection = selectionOf(now.entries);
  const changes = changesOf(state, now, steps);
  const launcher = command !== 'mcpm' && written.some(({ entry }) => entry.kind === 'stdio');
  const unstable = launcher ? launcherNote(ctx) : undefined;
  const overlaps = overlapsOf(selection, inventory.profiles).map(
    ({ server, profiles }) =>
      `${server} is there alone and in ${profiles.join(', ')}: its tools are there twice.`,
  );
  return {
    row,
    file,
    before,
    after: changes.length === 0 ? (before ?? '') : after,
    changes,
    selection,
    notes: [
      ...written.flatMap(({ note }) => note ?? []),
      ...overlaps,
      ...(unstable ? [unstable] : []),
    ],
    launcher,
  };
}

function write(
  state: ClientState,
  target: Target,
  { servers }: Inventory,
  command: string,
  manner: Manner,
): { step: Step; entry: Entry; note: string | undefined } {
  const { row, entries } = state;
  const own = entries.find((each) => each.target && sameTarget(each.target, target));
  const name = own?.name ?? entryName(target);
  const previous = own ?? entries.find((each) => each.name === name);
  if (previous && !own && !manner.force) throw taken(state, name);
  const wanted = manner.native === true || (manner.native || []).includes(target.name);
  const server = target.kind === 'server' && wanted ? servers[target.name] : undefined;
  const native = server && nativeEntry(row, server);
  const plain: Entry = { kind: 'stdio', command, args: runWords(target), env: envOf(own) };
  const entry = native && !('why' in native) ? native : plain;
  const note =
    native && 'why' in native
      ? `${target.name} is reached through mcpm: ${native.why}.`
      : undefined;
  const value = row.codec.encode(entry, name, previous?.value);
  return { step: { path: entryPath(row, name), value, entry: name, target }, entry, note };
}

/** Variables that the person set on MCPM's entry stay. */
function envOf(own: ClientEntry | undefined): Readonly<Record<string, string>> {
  return own?.entry?.kind === 'stdio' ? own.entry.env : {};
}

function removals({ row, entries }: ClientState, target: Target): Step[] {
  const own = entries.filter((each) => each.target && sameTarget(each.target, target));
  return own.map(({ name }) => ({
    path: entryPath(row, name),
    value: undefined,
    entry: name,
    target,
  }));
}

function changesOf(before: ClientState, after: ClientState, steps: readonly Step[]): EntryChange[] {
  return steps.flatMap(({ entry, target }) => {
    const [old, fresh] = [before, after].map((state) =>
      JSON.stringify(state.entries.find(({ name }) => name === entry)?.value),
    );
    if (old === fresh) return [];
    const kind = old === undefined ? 'add' : fresh === undefined ? 'remove' : 'change';
    return [{ kind, entry, target } as const];
  });
}

/** An entry of the person's own has the name of one of MCPM's. */
export function taken({ row, file }: Pick<ClientState, 'row' | 'file'>, name: string): McpmError {
  return new McpmError('CONFLICT', `${row.title} has an entry ${name} that is not MCPM's`, {
    hint: `Rename it in ${file}, or write over it with --force.`,
    data: { client: row.key, file, entry: name },
  });
}
