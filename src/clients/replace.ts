/** MCPM's entries in the place of imported ones, and only of those. */
import type { Context } from '../context.ts';
import { applyChanges, formatOf } from '../edit/index.ts';
import { withLock } from '../platform/files.ts';
import { lockPathOf } from './backups.ts';
import type { Candidate, Origin } from './candidates.ts';
import { isFields } from './codecs/shaped.ts';
import { rememberFile, writeText } from './edit.ts';
import { commandFor, ensureLauncher } from './launcher.ts';
import { fileOf, getClient } from './lookup.ts';
import { entryName, runWords } from './ownership.ts';
import { taken } from './plan.ts';
import { entryPath } from './section.ts';
import { selectionOf } from './selection.ts';
import { type ClientEntry, type ClientState, readClient, stateOf } from './state.ts';
import type { ClientRow, Scope } from './types.ts';

/** What a replacement does to one client's file. */
export interface Replacement {
  readonly row: ClientRow;
  readonly file: string;
  /** The entries that go. */
  readonly entries: readonly string[];
  readonly before: string | undefined;
  readonly after: string;
}

/** How entries are replaced. */
export interface ReplaceOptions {
  /** Whose files they are in: a project's is shared with others. */
  readonly scope?: Scope | undefined;
  /** An entry of the person's own that has the name of one of MCPM's may be written over. */
  readonly force?: boolean;
  /** Change nothing. */
  readonly dryRun?: boolean;
}

interface Item {
  /** The server's name. */
  readonly name: string;
  readonly origin: Origin;
}

/**
 * Replace the entries that candidates come from. What the client alone understands of each stays in the new one; what mcpm
 * cannot run stays as it is.
 * @throws McpmError `CONFLICT`, `EDIT_REFUSED`, `CONFIG_*`.
 */
export async function replaceEntries(
  ctx: Context,
  candidates: readonly Candidate[],
  options: ReplaceOptions = {},
): Promise<readonly Replacement[]> {
  const runnable = candidates.filter(({ server }) => !('config' in server));
  const items = runnable.flatMap(({ name, origins }) =>
    origins.map((origin) => ({ name, origin })),
  );
  const done: Replacement[] = [];
  for (const file of new Set(items.map(({ origin }) => origin.file))) {
    const inFile = items.filter(({ origin }) => origin.file === file);
    const lock = await lockPathOf(ctx, file);
    done.push(await withLock(lock, () => replaceIn(ctx, file, inFile, options)));
  }
  return done;
}

async function replaceIn(
  ctx: Context,
  file: string,
  items: readonly Item[],
  { scope = 'user', force = false, dryRun = false }: ReplaceOptions,
): Promise<Replacement> {
  const row = getClient(items[0]?.origin.client ?? '');
  const state = await readClient(ctx, row, { file });
  const format = await formatOf(row.format);
  const command = await commandFor(ctx, row, scope);
  const fresh = items.map((item) => freshEntry(state, item, command));
  const entries = items.map(({ origin }) => origin.entry);
  const kept = state.entries.filter(({ name, target }) => !target && !entries.includes(name));
  const clash = fresh.find(({ name }) => kept.some((entry) => entry.name === name));
  if (clash && !force) throw taken(state, clash.name);
  const changes = [
    ...entries.map((name) => ({ path: entryPath(row, name), value: undefined })),
    ...fresh.map(({ name, value }) => ({ path: entryPath(row, name), value })),
  ];
  const after = applyChanges(format, state.text ?? '', changes, file);
  const replacement = { row, file, entries, before: state.text, after };
  if (dryRun) return replacement;
  if (command !== 'mcpm') await ensureLauncher(ctx);
  await writeText(ctx, file, state.text, after);
  if (file === (await fileOf(ctx, row))) {
    const now = stateOf(state, after, format);
    await rememberFile(ctx, row, file, selectionOf(now.entries));
  }
  return replacement;
}

/** The entry that takes another's place. */
function freshEntry({ row, entries }: ClientState, { name, origin }: Item, command: string) {
  const target = { kind: 'server', name } as const;
  const own = entryName(target);
  const old = entries.find((each) => each.name === origin.entry);
  const entry = { kind: 'stdio', command, args: runWords(target), env: {} } as const;
  return { name: own, value: row.codec.encode(entry, own, old && renamed(row, old, own)) };
}

/** An entry's value under another name: the fields that repeat the name follow. */
function renamed({ codec }: ClientRow, { name, value }: ClientEntry, fresh: string): unknown {
  if (!isFields(value)) return value;
  const names = codec.named.flatMap((field) => (value[field] === name ? [[field, fresh]] : []));
  return { ...value, ...Object.fromEntries(names) };
}
