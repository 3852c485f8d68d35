/** Copies of clients' files from before each edit, and what the edit left behind, so that it can be undone exactly. */
import { createHash } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import type { Context } from '../context.ts';
import { readText, removeTree, resolveLinks, writeFileAtomic } from '../platform/files.ts';
import { asRecord, asText, jsonStore, ShapeError } from '../platform/store.ts';

/** How many copies of one file are kept. */
const KEPT = 10;

/** A copy of a file. */
export interface Backup {
  /** When it was made, ISO 8601. */
  readonly at: string;
  /** The copy's own path; `null` when there was no file. */
  readonly copy: string | null;
  /** SHA-256 of what the edit wrote. */
  readonly after: string;
}

/** The copies of one file, the newest first. */
export async function listBackups(ctx: Context, file: string): Promise<readonly Backup[]> {
  return (await storeOf(ctx, file)).store.read();
}

/** Keep what a file held before an edit that makes it hold `after`; the eleventh oldest copy goes. */
export async function addBackup(
  ctx: Context,
  file: string,
  before: string | undefined,
  after: string,
): Promise<Backup> {
  const { folder, store } = await storeOf(ctx, file);
  const at = ctx.now().toISOString();
  let added: Backup = { at, copy: null, after: hashOf(after) };
  await store.update(async (backups) => {
    if (before !== undefined) {
      added = { ...added, copy: join(folder, nameOf(at, file, backups)) };
      await writeFileAtomic(added.copy as string, before);
    }
    const all = [added, ...backups];
    for (const { copy } of all.slice(KEPT)) if (copy !== null) await removeTree(copy);
    return all.slice(0, KEPT);
  });
  return added;
}

/** Forget the newest copy, after it was put back; `undone` is what it replaced, kept until the next time. */
export async function dropBackup(
  ctx: Context,
  file: string,
  undone: string | undefined,
): Promise<string | undefined> {
  const { folder, store } = await storeOf(ctx, file);
  const kept = undone === undefined ? undefined : join(folder, `undone${extname(file)}`);
  if (kept !== undefined && undone !== undefined) await writeFileAtomic(kept, undone);
  await store.update(async ([newest, ...rest]) => {
    if (newest?.copy) await removeTree(newest.copy);
    return rest;
  });
  return kept;
}

/** The texts of the copies, the newest first. */
export async function earlierTexts(ctx: Context, file: string): Promise<string[]> {
  const copies = (await listBackups(ctx, file)).flatMap(({ copy }) => copy ?? []);
  const texts = await Promise.all(copies.map(readText));
  return texts.filter((text) => text !== undefined);
}

/** What identifies a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The path whose lock covers a client's file: beside the copies, so that no lock lies about in the client's folder. */
export async function lockPathOf(ctx: Context, file: string): Promise<string> {
  return join(await folderOf(ctx, file), 'edit');
}

async function folderOf(ctx: Context, file: string): Promise<string> {
  const id = hashOf(await resolveLinks(file)).slice(0, 12);
  return join(ctx.paths.backupsDir, 'clients', `${basename(file)}-${id}`);
}

async function storeOf(ctx: Context, file: string) {
  const folder = await folderOf(ctx, file);
  const store = jsonStore<readonly Backup[]>(join(folder, 'index.json'), {
    empty: () => [],
    decode,
    encode: (backups) => backups,
  });
  return { folder, store };
}

function decode(json: unknown): Backup[] {
  if (!Array.isArray(json)) throw new ShapeError([], 'a list of copies');
  return json.map((item, index) => {
    const { at, copy, after } = asRecord(item, [index]);
    return {
      at: asText(at, [index, 'at']),
      copy: copy === null ? null : asText(copy, [index, 'copy']),
      after: asText(after, [index, 'after']),
    };
  });
}

/** A copy's file name: the time, numbered where one moment has several. */
function nameOf(at: string, file: string, backups: readonly Backup[]): string {
  const taken = new Set(backups.map(({ copy }) => copy && basename(copy)));
  const stem = at.replaceAll(':', '-');
  const names = [0, ...backups.keys()].map((_, n) => (n === 0 ? stem : `${stem}-${n}`));
  const free = names.map((name) => name + extname(file)).find((name) => !taken.has(name));
  return free ?? `${stem}-${backups.length + 1}${extname(file)}`;
}
