/** The record of who asked a share for what, when, and what came of it. Never a token, an argument or a result. */
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { redact } from '../../platform/redact.ts';
import { openSegment } from '../../platform/segment.ts';

/** One line of the log. */
export interface AuditEntry {
  /** ISO time at which the request came in. */
  readonly at: string;
  /** The token's name and id, `auth.json`, `open` without protection, or `-` when nobody was let in. */
  readonly who: string;
  /** Empty for a call within a request that was logged with it. */
  readonly address: string;
  /** HTTP method and path; for a call the MCP method and what it names. Masked as it is written. */
  readonly what: string;
  /** The HTTP status; absent for a call. */
  readonly status?: number;
  /** Why it was refused, or `ok`. */
  readonly outcome: string;
  /** Milliseconds until the response was over. */
  readonly ms: number;
}

/** Where entries go. */
export interface Audit {
  /** The file. */
  readonly file: string;
  write(entry: AuditEntry): void;
  close(): void;
}

/** Open the log of one share: one file a share and a month, so that the old ones can be removed. */
export function openAudit(ctx: Context, share: string): Audit {
  const month = ctx.now().toISOString().slice(0, 7);
  const file = join(ctx.paths.sharesDir, 'audit', `${month}-${safeName(share)}.jsonl`);
  const segment = openSegment(file, () =>
    ctx.log.warn(`The audit log ${file} cannot be written; requests are still served.`),
  );
  return {
    file,
    write: (entry) => segment.append({ ...entry, what: mask(entry.what) }),
    close: () => segment.close(),
  };
}

const masked = new Map<string, string>();
const MOST_MASKED = 1_000;

/** The same few things are asked for again and again. */
function mask(what: string): string {
  const known = masked.get(what);
  if (known !== undefined) return known;
  const text = redact(what);
  if (masked.size >= MOST_MASKED) masked.clear();
  masked.set(what, text);
  return text;
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80);
}
