/** Reads the segments of some days and adds them up per server and item. */
import { basename, join } from 'node:path';
import type { Context } from '../context.ts';
import { readText } from '../platform/files.ts';
import { listFiles } from '../platform/segment.ts';
import { type OperationKind, parseRecord, type UsageRecord } from './records.ts';

/** Which usage is asked for. */
export interface UsageQuery {
  /** How many days back, today included. */
  readonly days: number;
  readonly server?: string | undefined;
  /** Runs of this profile alone. */
  readonly profile?: string | undefined;
}

/** What one tool, prompt, resource or method was used. */
export interface ItemUsage {
  readonly kind: OperationKind;
  readonly item: string;
  readonly calls: number;
  readonly errors: number;
  /** Milliseconds: the median and the slowest. */
  readonly medianMs: number;
  readonly maxMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What one server was used. */
export interface ServerUsage {
  readonly server: string;
  /** Runs of mcpm that had this server in those days. */
  readonly runs: number;
  readonly calls: number;
  readonly errors: number;
  /** ISO time of the newest operation or run. */
  readonly lastUsed: string;
  readonly items: readonly ItemUsage[];
}

/** Usage over some days. */
export interface UsageReport {
  readonly days: number;
  readonly runs: number;
  readonly sessions: number;
  readonly calls: number;
  readonly errors: number;
  /** Most used first. */
  readonly servers: readonly ServerUsage[];
}

interface ItemTally {
  readonly kind: OperationKind;
  readonly item: string;
  readonly durations: number[];
  errors: number;
  requestBytes: number;
  responseBytes: number;
}

interface ServerTally {
  readonly runs: Set<string>;
  last: number;
  readonly items: Map<string, ItemTally>;
}

/** Runs by the names of their segments, sessions by run and id: either may be in the segments of several days. */
class Tally {
  readonly runs = new Set<string>();
  readonly sessions = new Set<string>();
  readonly servers = new Map<string, ServerTally>();

  server(name: string, at: number): ServerTally {
    const tally = this.servers.get(name) ?? {
      runs: new Set<string>(),
      last: 0,
      items: new Map<string, ItemTally>(),
    };
    this.servers.set(name, tally);
    tally.last = Math.max(tally.last, at);
    return tally;
  }
}

/** Add up what was recorded. A line that a crash cut off is passed over. */
export async function usageReport(ctx: Context, query: UsageQuery): Promise<UsageReport> {
  const tally = new Tally();
  for (const day of lastDays(ctx.now(), query.days)) {
    for (const file of await listFiles(join(ctx.paths.usageDir, day))) {
      const lines = ((await readText(file)) ?? '').split('\n');
      addSegment(tally, basename(file), lines, query);
    }
  }
  return summarize(tally, query.days);
}

function addSegment(tally: Tally, name: string, lines: readonly string[], query: UsageQuery): void {
  const records = lines.map(parseRecord).filter((record) => record !== undefined);
  const run = records.find((record) => record.type === 'run');
  if (query.profile !== undefined && run?.profile !== query.profile) return;
  const wanted = (server: string) => query.server === undefined || query.server === server;
  if (query.server !== undefined && run && !run.servers.some(wanted)) return;
  for (const record of records) addRecord(tally, name, record, wanted);
}

function addRecord(
  tally: Tally,
  run: string,
  record: UsageRecord,
  wanted: (server: string) => boolean,
): void {
  if (record.type === 'run') {
    tally.runs.add(run);
    for (const server of record.servers.filter(wanted))
      tally.server(server, record.at).runs.add(run);
    return;
  }
  if (record.type !== 'end' && record.session !== undefined)
    tally.sessions.add(`${run} ${record.session}`);
  if (record.type !== 'op' || !wanted(record.server)) return;
  const { items } = tally.server(record.server, record.at);
  const key = `${record.kind} ${record.item}`;
  const item: ItemTally = items.get(key) ?? {
    kind: record.kind,
    item: record.item,
    durations: [],
    errors: 0,
    requestBytes: 0,
    responseBytes: 0,
  };
  items.set(key, item);
  item.durations.push(record.durationMs);
  item.errors += record.ok ? 0 : 1;
  item.requestBytes += record.requestBytes;
  item.responseBytes += record.responseBytes;
}

function summarize(tally: Tally, days: number): UsageReport {
  const servers = [...tally.servers].map(([server, { runs, last, items }]): ServerUsage => {
    const used = [...items.values()]
      .map(itemUsage)
      .sort((a, b) => b.calls - a.calls || a.item.localeCompare(b.item));
    return {
      server,
      runs: runs.size,
      calls: sum(used, 'calls'),
      errors: sum(used, 'errors'),
      lastUsed: new Date(last).toISOString(),
      items: used,
    };
  });
  servers.sort((a, b) => b.calls - a.calls || a.server.localeCompare(b.server));
  return {
    days,
    runs: tally.runs.size,
    sessions: tally.sessions.size,
    calls: sum(servers, 'calls'),
    errors: sum(servers, 'errors'),
    servers,
  };
}

function itemUsage(item: ItemTally): ItemUsage {
  const sorted = [...item.durations].sort((a, b) => a - b);
  const round = (ms: number) => Math.round(ms * 100) / 100;
  return {
    kind: item.kind,
    item: item.item,
    calls: sorted.length,
    errors: item.errors,
    medianMs: round(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0),
    maxMs: round(sorted.at(-1) ?? 0),
    requestBytes: item.requestBytes,
    responseBytes: item.responseBytes,
  };
}

function sum<K extends 'calls' | 'errors'>(
  rows: readonly Readonly<Record<K, number>>[],
  key: K,
): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

/** The UTC days that can hold something of the last `days` days, oldest first. */
function lastDays(now: Date, days: number): string[] {
  return Array.from({ length: days }, (_, back) =>
    new Date(now.getTime() - back * 86_400_000).toISOString().slice(0, 10),
  ).reverse();
}
