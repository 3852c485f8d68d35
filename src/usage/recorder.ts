/** Writes what happens, without a database and without a lock: each process appends to a segment of its own. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { openSegment, type Segment } from '../platform/segment.ts';
import type { Operation, Run, SessionStart, UsageRecord } from './records.ts';

/** Where the engine reports what it carried. No call waits or throws. */
export interface Recorder {
  /** A client session began. */
  session(start: SessionStart): void;
  /** A client session ended. */
  sessionEnd(session: string): void;
  /** A request was answered. */
  operation(operation: Operation): void;
  /** The run is over: what is left goes to disk, at once. */
  close(): void;
}

const DAY_MS = 86_400_000;

/**
 * Begin to record a run. The segment appears on disk within a second. A run that goes on over midnight (UTC) goes on in a
 * segment of the new day, under the same name and with the same first line.
 */
export function openRecorder(ctx: Context, run: Run): Recorder {
  const started = ctx.now().getTime();
  let complained = false;
  const complain = (error: unknown) => {
    if (!complained) ctx.log.warn(`usage is not recorded: ${messageOf(error)}`);
    complained = true;
  };
  const open = (day: number): Segment => {
    const folder = join(ctx.paths.usageDir, new Date(day * DAY_MS).toISOString().slice(0, 10));
    const opened = openSegment(join(folder, `${started}-${ctx.pid}.jsonl`), complain);
    const first: UsageRecord = { type: 'run', v: 1, at: started, pid: ctx.pid, ...run };
    opened.append(first);
    return opened;
  };
  let today = Math.floor(started / DAY_MS);
  let segment = open(today);
  const append = (record: UsageRecord) => segment.append(record);
  const appendAt = (record: UsageRecord & { readonly type: 'session' | 'op' }) => {
    if (record.at >= (today + 1) * DAY_MS) {
      segment.close();
      today = Math.floor(record.at / DAY_MS);
      segment = open(today);
    }
    append(record);
  };
  return {
    session: (start) => appendAt({ type: 'session', ...start }),
    sessionEnd: (session) => append({ type: 'end', at: ctx.now().getTime(), session }),
    operation: appendAt,
    close() {
      append({ type: 'end', at: ctx.now().getTime() });
      segment.close();
    },
  };
}
