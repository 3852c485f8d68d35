/** Bytes of cache files: read whole or in part, and appended to. Losing such a file loses nothing. */
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { McpmError, messageOf, systemCode } from '../errors.ts';

/** The bytes of a file, or `undefined` when there is none. @throws McpmError `CONFIG_ACCESS` */
export async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw accessError('read', path, cause);
  }
}

/** A part of a file; shorter when the file ends before. @throws McpmError `CONFIG_ACCESS` */
export async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await file.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw accessError('read', path, cause);
  }
}

/** Cut a file at `offset`, then append; what an interrupted write left behind it goes away. Makes the file and its folder. @throws McpmError `CONFIG_ACCESS` */
export async function appendAt(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, offset === 0 ? 'w' : 'r+', 0o600);
    try {
      await file.truncate(offset);
      await file.write(bytes, 0, bytes.length, offset);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw accessError('write', path, cause);
  }
}

/** The size of a file in bytes; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** The names in a folder; none when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** Whether a path is a file, a folder, or nothing. */
export async function whatIs(path: string): Promise<'file' | 'folder' | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return undefined;
  return info.isDirectory() ? 'folder' : 'file';
}

/** Remove files of a folder whose names `unwanted` picks. Failing is no error: they are tried again next time. */
export async function sweep(folder: string, unwanted: (name: string) => boolean): Promise<void> {
  const names = (await namesIn(folder)).filter(unwanted);
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true }).catch(() => {})));
}

function accessError(verb: string, path: string, cause: unknown): McpmError {
  return new McpmError('CONFIG_ACCESS', `Cannot ${verb} ${path}: ${messageOf(cause)}`, {
    cause,
    data: { file: path },
  });
}
