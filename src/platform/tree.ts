/** Folders that are made, moved and removed as a whole. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { McpmError, messageOf } from '../errors.ts';

/** A file to write: its path is relative and was checked. */
export interface TreeFile {
  readonly path: string;
  readonly executable: boolean;
  read(): Uint8Array;
}

/** Write a folder at once or not at all: beside its place first, then renamed over what was there. @throws McpmError `CONFIG_ACCESS` */
export async function writeTree(folder: string, files: Iterable<TreeFile>): Promise<void> {
  const draft = `${folder}.new`;
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    for (const file of files) {
      const target = join(draft, file.path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, file.read(), { mode: file.executable ? 0o700 : 0o600 });
    }
    await moveTree(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error instanceof McpmError ? error : accessError('write', folder, error);
  }
}

/** Move a folder over another. @throws McpmError `CONFIG_ACCESS` */
export async function moveTree(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  } catch (error) {
    throw accessError('write', to, error);
  }
}

function accessError(verb: string, path: string, cause: unknown): McpmError {
  return new McpmError('CONFIG_ACCESS', `Cannot ${verb} ${path}: ${messageOf(cause)}`, {
    cause,
    data: { file: path },
  });
}
