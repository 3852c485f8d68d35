/**
 * Reading zip archives that may be hostile (APPNOTE.TXT 6.3): every name, size and checksum is checked before a byte is handed out. Streams,
 * encryption and archives over 4 GiB are refused.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { McpmError } from '../errors.ts';

/** A file in an archive. */
export interface ZipFile {
  /** Relative, with `/`, without `.` and `..`. */
  readonly path: string;
  readonly size: number;
  /** Marked as a program by the system that made the archive. */
  readonly executable: boolean;
  /** The content. @throws McpmError `INTEGRITY` when it is not what the archive says */
  read(): Uint8Array;
}

/** What an archive may hold. */
export interface ZipLimits {
  readonly files: number;
  /** Bytes, unpacked, altogether. */
  readonly bytes: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const ENCRYPTED = 0x1;
const UNIX = 3;
const SYMLINK = 0o120000;
const KIND = 0o170000;

/**
 * The files of an archive.
 * @param name what it is called in errors
 * @throws McpmError `INTEGRITY` when it is no archive, is damaged, is larger than allowed, or holds a name that leads out of a folder
 */
export function readZip(bytes: Uint8Array, name: string, limits: ZipLimits): ZipFile[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files: ZipFile[] = [];
  const seen = new Set<string>();
  let total = 0;
  try {
    for (const entry of directory(archive, name)) {
      const path = safePath(entry.path, name);
      if (path.endsWith('/')) continue;
      // Systems that ignore case would let one file overwrite another.
      const key = path.normalize('NFC').toLowerCase();
      if (seen.has(key)) throw damaged(name, `it holds ${JSON.stringify(path)} twice`);
      seen.add(key);
      total += entry.size;
      if (seen.size > limits.files) throw damaged(name, `it holds more than ${limits.files} files`);
      if (total > limits.bytes)
        throw damaged(name, `it unpacks to more than ${limits.bytes} bytes`);
      const { size, executable } = entry;
      files.push({ path, size, executable, read: () => contentOf(archive, entry, name) });
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, 'it ends too early');
    throw error;
  }
  return files;
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly executable: boolean;
}

function* directory(archive: Buffer, name: string): Iterable<Entry> {
  const end = endOfDirectory(archive);
  if (end < 0) throw damaged(name, 'it is no zip archive');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw damaged(name, 'its directory is damaged');
    const lengths = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    yield entryAt(archive, at, nameLength, name);
    at += 46 + nameLength + extraLength + commentLength;
  }
}

function entryAt(archive: Buffer, at: number, nameLength: number, name: string): Entry {
  const path = archive.toString('utf8', at + 46, at + 46 + nameLength);
  const system = archive.readUInt8(at + 5);
  const mode = system === UNIX ? archive.readUInt32LE(at + 38) >>> 16 : 0;
  if ((archive.readUInt16LE(at + 8) & ENCRYPTED) !== 0) throw damaged(name, 'it is encrypted');
  if ((mode & KIND) === SYMLINK) {
    throw damaged(name, `${JSON.stringify(path)} is a symbolic link`);
  }
  return {
    path,
    method: archive.readUInt16LE(at + 10),
    checksum: archive.readUInt32LE(at + 16),
    packed: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    offset: archive.readUInt32LE(at + 42),
    executable: (mode & 0o111) !== 0,
  };
}

/** The last one: a comment, or a signature, may follow it. */
function endOfDirectory(archive: Buffer): number {
  const first = Math.max(0, archive.length - 22 - 0x20000);
  for (let at = archive.length - 22; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return -1;
}

function contentOf(archive: Buffer, entry: Entry, name: string): Uint8Array {
  const content = unpack(archive, entry, name);
  if (content.length !== entry.size || crc32(content) !== entry.checksum) {
    throw damaged(name, `${entry.path} is not what the archive says`);
  }
  return content;
}

function unpack(archive: Buffer, entry: Entry, name: string): Uint8Array {
  const { offset, packed, method, size, path } = entry;
  try {
    if (archive.readUInt32LE(offset) !== LOCAL_ENTRY) throw new RangeError('no local header');
    const start =
      offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const data = archive.subarray(start, start + packed);
    if (method === 0) return data;
    if (method === 8) return inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw damaged(name, `${path} cannot be unpacked`, cause);
  }
  throw damaged(name, `${path} is packed in a way that is not supported (${method})`);
}

/** A path that stays below the folder it is put in, on every system. */
function safePath(path: string, name: string): string {
  const parts = path.replace(/\/$/, '').split('/');
  const isUnsafe =
    path === '' ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be in a path
    /[\\:\u0000-\u001f]/.test(path) ||
    parts.some((part) => part === '' || part === '.' || part === '..' || /[. ]$/.test(part));
  if (isUnsafe) throw damaged(name, `it holds the path ${JSON.stringify(path)}`);
  return path;
}

function damaged(name: string, reason: string, cause?: unknown): McpmError {
  return new McpmError('INTEGRITY', `${name} is refused: ${reason}`, {
    hint: 'Get it again from its publisher; nothing was installed.',
    ...(cause === undefined ? {} : { cause }),
    data: { file: name },
  });
}
