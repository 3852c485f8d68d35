/** The one place that reads and writes files of consequence: whole, atomically, under a lock, through symbolic links. */
// Not `node:fs/promises`: these are made when the first is used, which takes a millisecond that `mcpm run` does not have to spend.
import { constants, promises, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type ErrorCode, McpmError, messageOf, systemCode } from '../errors.ts';

/** Files that may hold secrets. */
const PRIVATE_FILE = 0o600;
/** Folders that may hold secrets. */
const PRIVATE_DIR = 0o700;

/**
 * The text of a file, or `undefined` when there is none. Bytes that are not UTF-8 are an error, since writing the text
 * back would change them. A byte-order mark is kept.
 * @throws McpmError `CONFIG_ACCESS` when it is a directory or cannot be read.
 */
export async function readText(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    // At once: the first turns of the thread pool would cost a start more than its configuration takes to read.
    bytes = readFileSync(path);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw accessError('read', path, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new McpmError('CONFIG_SYNTAX', `${path} is not UTF-8 text`, {
      hint: 'Convert the file to UTF-8; it was left as it is.',
      cause,
      data: { file: path },
    });
  }
}

/**
 * Changes whenever the file does: tells cheaply whether what was read before still holds. `undefined` when there is none. Synchronous,
 * because it is asked with every request and takes some microseconds; a turn of the thread pool would take longer.
 */
export function fileStamp(path: string): string | undefined {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  return info && `${info.ino}:${info.mtimeNs}:${info.size}`;
}

/** Whether something exists at a path. */
export async function exists(path: string): Promise<boolean> {
  return promises.access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Replace a file at once or not at all: temporary file beside it, fsync, rename. Symbolic links are followed, an existing
 * file keeps its mode, a new one gets `mode` (0600 unless told), missing folders are made (0700).
 * @throws McpmError `CONFIG_ACCESS` when it cannot be written.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const { default: write } = await import('write-file-atomic');
  try {
    const target = await resolveLinks(path);
    await promises.mkdir(dirname(target), { recursive: true, mode: PRIVATE_DIR });
    const mode = (await modeOf(target)) ?? options.mode ?? PRIVATE_FILE;
    const data = typeof content === 'string' ? content : Buffer.from(content);
    await write(target, data, { mode, fsync: true });
  } catch (cause) {
    throw accessError('write', path, cause);
  }
}

/**
 * Replace a file that programs without our lock write too: as {@link writeFileAtomic}, but the file is read again between
 * the writing of the new one and the rename, and has to hold `expected` (`undefined`: to be absent) still.
 * @throws McpmError `CONFLICT` when it does not, `CONFIG_ACCESS` when it cannot be written, or is write-protected (which a
 *   rename would pass over). Nothing is changed then.
 */
export async function replaceText(
  path: string,
  expected: string | undefined,
  content: string,
): Promise<void> {
  const target = await resolveLinks(path);
  await ensureDir(dirname(target));
  const { randomBytes } = await import('node:crypto');
  const fresh = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const like = await promises.stat(target).catch(() => undefined);
    if (like !== undefined && (like.mode & 0o222) === 0) throw new Error('it is write-protected');
    await writeSynced(fresh, content, like);
    if ((await readText(target)) !== expected) throw changedBySomeone(path);
    await promises.rename(fresh, target);
  } catch (cause) {
    await promises.rm(fresh, { force: true });
    throw cause instanceof McpmError ? cause : accessError('write', path, cause);
  }
}

/** Write a new file to the disk, with the mode and the owner of the one it will replace. */
async function writeSynced(
  path: string,
  content: string,
  like: { mode: number; uid: number; gid: number } | undefined,
): Promise<void> {
  const mode = like === undefined ? PRIVATE_FILE : like.mode & 0o7777;
  const handle = await promises.open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    if (like !== undefined) await handle.chown(like.uid, like.gid).catch(() => {});
    await handle.sync();
  } finally {
    await handle.close();
  }
  await promises.chmod(path, mode);
}

function changedBySomeone(path: string): McpmError {
  return new McpmError('CONFLICT', `${path} was changed by another program in this moment`, {
    hint: 'Nothing was written. Try again.',
    data: { file: path },
  });
}

/**
 * Run `work` while no other process of this program holds the lock of `path`. Waits up to about 20 s; a lock whose holder
 * died is taken over after 5 s.
 * @throws McpmError `CONFIG_LOCKED` when the lock is not to be had.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const { default: lockfile } = await import('proper-lockfile');
  const target = await resolveLinks(path);
  await ensureDir(dirname(target));
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(target, {
      realpath: false,
      stale: 5_000,
      update: 1_000,
      retries: { retries: 400, factor: 1.1, minTimeout: 5, maxTimeout: 60, randomize: true },
    });
  } catch (cause) {
    if (systemCode(cause) !== 'ELOCKED') throw accessError('lock', path, cause);
    throw new McpmError('CONFIG_LOCKED', `Another process is writing ${path}`, {
      hint: `Try again; if no mcpm is running, remove ${target}.lock`,
      cause,
      data: { file: path },
    });
  }
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}

/** Make a file with a first content where there is none. @throws McpmError `CONFIG_ACCESS`. */
export async function ensureFile(path: string, content: string): Promise<void> {
  if (!(await exists(path))) await writeFileAtomic(path, content);
}

/** Let everyone who may read a file run it. @throws McpmError `CONFIG_ACCESS`. */
export async function makeExecutable(path: string): Promise<void> {
  await promises.chmod(path, 0o755).catch((cause) => {
    throw accessError('write', path, cause);
  });
}

/** Make a folder and its parents, private to the user. */
async function ensureDir(path: string): Promise<void> {
  try {
    await promises.mkdir(path, { recursive: true, mode: PRIVATE_DIR });
  } catch (cause) {
    throw accessError('create', path, cause);
  }
}

/** Remove a file or a folder with all that is in it; nothing happens when there is none. @throws McpmError `CONFIG_ACCESS`. */
export async function removeTree(path: string): Promise<void> {
  try {
    await promises.rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (cause) {
    throw accessError('remove', path, cause);
  }
}

/** Where a path leads once symbolic links are followed, also when the last one leads nowhere yet. */
export async function resolveLinks(path: string): Promise<string> {
  let current = resolve(path);
  for (let depth = 0; depth < 40; depth++) {
    const info = await promises.lstat(current).catch(() => undefined);
    if (!info?.isSymbolicLink()) break;
    current = resolve(dirname(current), await promises.readlink(current));
  }
  const folder = await promises.realpath(dirname(current)).catch(() => dirname(current));
  return join(folder, basename(current));
}

async function modeOf(path: string): Promise<number | undefined> {
  const info = await promises.stat(path).catch(() => undefined);
  if (info?.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  return info === undefined ? undefined : info.mode & 0o7777;
}

function accessError(verb: string, path: string, cause: unknown): McpmError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is not a directory',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  };
  const reason = reasons[systemCode(cause) ?? ''] ?? messageOf(cause);
  const code: ErrorCode = 'CONFIG_ACCESS';
  return new McpmError(code, `Cannot ${verb} ${path}: ${reason}`, {
    hint: 'Check the path and its permissions; nothing was changed.',
    cause,
    data: { file: path },
  });
}
