/** Append-only files of JSON lines written by one process each: records gather in memory and reach the disk in batches, without locks. */
import { closeSync, mkdirSync, openSync, promises, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.ts';

/** A file that only grows. */
export interface Segment {
  /**
   * Add a record, which must not change afterwards: its text is made with the batch. It is on disk within a second, or when the segment
   * closes. Never throws and never waits.
   */
  append(record: object): void;
  /** Write what is left, and close. Synchronous, so that it can be the last thing a process does. */
  close(): void;
}

/** Records that wait in memory at most this long (milliseconds), and at most this many. */
const FLUSH_AFTER_MS = 1_000;
const FLUSH_RECORDS = 512;

/**
 * Open a segment; the file and its folders (0700) are made with the first batch, the file with mode 0600. When the disk
 * refuses, `onError` hears it once and the records are dropped: recording must never stop what is recorded.
 */
export function openSegment(path: string, onError: (error: unknown) => void): Segment {
  let fd: number | undefined;
  let waiting: object[] = [];
  let timer: NodeJS.Timeout | undefined;
  let broken = false;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0 || broken) return;
    const batch = waiting.map((record) => `${JSON.stringify(record)}\n`).join('');
    waiting = [];
    try {
      if (fd === undefined) {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        fd = openSync(path, 'a', 0o600);
      }
      writeSync(fd, batch);
    } catch (error) {
      broken = true;
      onError(error);
    }
  };
  return {
    append(record) {
      if (broken) return;
      waiting.push(record);
      if (waiting.length >= FLUSH_RECORDS) flush();
      else timer ??= setTimeout(flush, FLUSH_AFTER_MS).unref();
    },
    close() {
      flush();
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
      broken = true;
    },
  };
}

/** The files directly in a folder (absolute paths, sorted); none when there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await promises.readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
