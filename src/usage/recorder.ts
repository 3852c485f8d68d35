/** Writes what happens, without a database and without a lock: each process appends to a segment of its own. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { openSegment } from '../platform/segment.ts';
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

/** Begin to record a run. The segment appears on disk within a second. */
export function openRecorder(ctx: Context, run: Run): Recorder {
  const started = ctx.now();
  const day = started.toISOString().slice(0, 10);
  const name = `${started.getTime()}-${ctx.pid}.jsonl`;
  const segment = openSegment(join(ctx.paths.usageDir, day, name), (error) =>
    ctx.log.warn(`usage is not recorded: ${messageOf(error)}`),
  );
  const append = (record: UsageRecord) => segment.append(JSON.stringify(record));
  append({ type: 'run', v: 1, at: started.getTime(), pid: ctx.pid, ...run });
  return {
    session: (start) => append({ type: 'session', ...start }),
    sessionEnd: (session) => append({ type: 'end', at: ctx.now().getTime(), session }),
    operation: (operation) => append({ type: 'op', ...operation }),
    close() {
      append({ type: 'end', at: ctx.now().getTime() });
      segment.close();
    },
  };
}
