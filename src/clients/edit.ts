/** Edits of clients' files: lock, read, plan, back up, replace at once. */
import { readServers } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { readText, removeTree, replaceText, resolveLinks, withLock } from '../platform/files.ts';
import { listProfiles } from '../profiles/index.ts';
import {
  addBackup,
  type Backup,
  dropBackup,
  earlierTexts,
  hashOf,
  listBackups,
  lockPathOf,
} from './backups.ts';
import { ensureLauncher } from './launcher.ts';
import { fileOf, getClient, isClientKey, type Where } from './lookup.ts';
import { readMapping, remember } from './mapping.ts';
import { type Manner, type Plan, planEdit } from './plan.ts';
import { type Inventory, type Selection, selectionOf, type Wish } from './selection.ts';
import { readClient } from './state.ts';
import type { ClientRow } from './types.ts';

/** What is installed. @throws McpmError as `readServers`. */
export async function readInventory(ctx: Context): Promise<Inventory> {
  const [servers, profiles] = await Promise.all([readServers(ctx), listProfiles(ctx)]);
  return { servers, profiles };
}

/** What an edit would do; nothing is written. @throws McpmError as {@link planEdit}. */
export async function previewEdit(
  ctx: Context,
  row: ClientRow,
  wish: Wish,
  options: Where & Manner = {},
): Promise<Plan> {
  const [state, inventory] = await Promise.all([readClient(ctx, row, options), readInventory(ctx)]);
  const earlier = await earlierTexts(ctx, state.file);
  return planEdit(ctx, state, wish, inventory, options, earlier);
}

/**
 * Edit a client's file: under its lock, with a copy of what was there, all at once or not at all.
 * @returns What was done. A plan without changes wrote nothing.
 * @throws McpmError as {@link planEdit}; `CONFLICT` when another program wrote the file meanwhile; `CONFIG_ACCESS`,
 *   `CONFIG_LOCKED`.
 */
export async function editClient(
  ctx: Context,
  row: ClientRow,
  wish: Wish,
  options: Where & Manner = {},
): Promise<Plan> {
  const file = await fileOf(ctx, row, options);
  return withLock(await lockPathOf(ctx, file), async () => {
    const plan = await previewEdit(ctx, row, wish, { ...options, file });
    if (plan.launcher) await ensureLauncher(ctx);
    await writeText(ctx, file, plan.before, plan.after);
    if (isOwnFile(options)) await rememberFile(ctx, row, file, plan.selection);
    return plan;
  });
}

/** Remember what a client's own file holds, for every remembered client that shares the file. */
export async function rememberFile(
  ctx: Context,
  row: ClientRow,
  file: string,
  selection: Selection,
): Promise<void> {
  const others = Object.keys(await readMapping(ctx)).filter((key) => key !== row.key);
  await remember(ctx, row.key, selection);
  for (const key of others.filter(isClientKey))
    if ((await fileOf(ctx, getClient(key)).catch(() => undefined)) === file)
      await remember(ctx, key, selection);
}

/** Whether the file is the one the client has for this person: only that one is remembered. */
function isOwnFile({ scope, file }: Where): boolean {
  return scope !== 'project' && file === undefined;
}

/** Replace a client's file, with a copy of what was there. Call it under the file's lock. */
export async function writeText(
  ctx: Context,
  file: string,
  before: string | undefined,
  after: string,
): Promise<void> {
  if (after === (before ?? '')) return;
  const backup = await addBackup(ctx, file, before, after);
  try {
    await replaceText(file, before, after);
  } catch (error) {
    await dropBackup(ctx, file, undefined);
    throw error;
  }
  ctx.log.debug(`${file} written; the copy from before is ${backup.copy ?? 'none'}`);
}

/** What an undo did. */
export interface Undone {
  readonly file: string;
  /** When the edit was made that is undone, ISO 8601. */
  readonly at: string;
  /** Whether the file is gone now, as it was before that edit. */
  readonly removed: boolean;
  /** What the file held before the undo. */
  readonly before: string | undefined;
  /** What it holds now. */
  readonly after: string | undefined;
  /** Where the former is kept until the next undo. */
  readonly kept: string | undefined;
}

/**
 * Put back, byte for byte, what a client's file held before the last edit. Repeated, it goes further back.
 * @param options.force Also when the file was changed since by something else.
 * @param options.dryRun Change nothing.
 * @throws McpmError `NOT_FOUND` without a copy, `CONFLICT` when the file was changed since.
 */
export async function undoEdit(
  ctx: Context,
  row: ClientRow,
  where: Where = {},
  options: { readonly force?: boolean; readonly dryRun?: boolean } = {},
): Promise<Undone> {
  const file = await fileOf(ctx, row, where);
  return withLock(await lockPathOf(ctx, file), async () => {
    const before = await readText(file);
    const backup = await newestThatDiffers(ctx, file, before);
    if (backup === undefined) throw neverEdited(row, file);
    if (hashOf(before ?? '') !== backup.after && !options.force) throw changedSince(row, file);
    const after = await textOf(backup);
    const done = { file, at: backup.at, removed: after === undefined, before, after };
    if (options.dryRun) return { ...done, kept: undefined };
    if (after === undefined) await removeTree(await resolveLinks(file));
    else await replaceText(file, before, after);
    const kept = await dropBackup(ctx, file, before);
    if (isOwnFile(where)) {
      const { entries } = await readClient(ctx, row);
      await rememberFile(ctx, row, file, selectionOf(entries));
    }
    return { ...done, kept };
  });
}

/**
 * A client's file before the last edit of this program, and as it is now.
 * @throws McpmError `NOT_FOUND` when it was never edited.
 */
export async function lastEdit(ctx: Context, row: ClientRow, where: Where = {}) {
  const file = await fileOf(ctx, row, where);
  const [backup] = await listBackups(ctx, file);
  if (backup === undefined) throw neverEdited(row, file);
  return { file, before: await textOf(backup), after: await readText(file) };
}

function neverEdited(row: ClientRow, file: string): McpmError {
  return new McpmError('NOT_FOUND', `mcpm has not edited ${file}, or undone all of it`, {
    data: { client: row.key, file },
  });
}

/** The newest copy that is not what the file holds anyway; those of edits that were cut short are dropped. */
async function newestThatDiffers(ctx: Context, file: string, text: string | undefined) {
  for (const backup of await listBackups(ctx, file)) {
    const same = hashOf(text ?? '') !== backup.after && (await textOf(backup)) === text;
    if (!same) return backup;
    await dropBackup(ctx, file, undefined);
  }
  return undefined;
}

async function textOf({ copy }: Backup): Promise<string | undefined> {
  if (copy === null) return undefined;
  const text = await readText(copy);
  if (text !== undefined) return text;
  throw new McpmError('NOT_FOUND', `The copy ${copy} is gone`, { data: { file: copy } });
}

function changedSince(row: ClientRow, file: string): McpmError {
  return new McpmError('CONFLICT', `${file} was changed since mcpm wrote it`, {
    hint: `See what an undo would do: mcpm client undo ${row.key} --dry-run; do it with --force (what is there now is kept).`,
    data: { client: row.key, file },
  });
}
