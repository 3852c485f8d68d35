import { getServer } from '../../config/index.ts';
import { getProfile } from '../../profiles/index.ts';
import { type ServerUsage, type UsageReport, usageReport } from '../../usage/index.ts';
import { command } from '../command.ts';
import { flag } from '../flags.ts';
import type { Ui } from '../render/ui.ts';

export const usageCommand = command({
  brief: 'Show how servers and their tools were used',
  flags: {
    days: flag.integer('How many days back (30 unless told)', {
      alias: 'd',
      min: 1,
      max: 3650,
      placeholder: 'N',
    }),
    server: flag.text('One server alone', { alias: 's', placeholder: 'NAME' }),
    profile: flag.text('Runs of one profile alone', { alias: 'p', placeholder: 'NAME' }),
  },
  async run(ctx, { days = 30, server, profile }) {
    const report = await usageReport(ctx, { days, server, profile });
    // What was removed since is still shown; what was neither used nor is there is a mistyped name.
    if (report.runs === 0 && server !== undefined) await getServer(ctx, server);
    if (report.runs === 0 && profile !== undefined) await getProfile(ctx, profile);
    return report;
  },
  view: (report, ui) => {
    if (report.runs === 0) return `Nothing was recorded in the last ${plural(report.days, 'day')}.`;
    return [summary(report, ui), ...report.servers.map((server) => serverView(server, ui))].join(
      '\n\n',
    );
  },
});

function summary(report: UsageReport, ui: Ui): string {
  const errors = report.errors > 0 ? `, ${ui.red(plural(report.errors, 'error'))}` : '';
  return `Last ${plural(report.days, 'day')}: ${plural(report.runs, 'run')}, ${plural(report.sessions, 'session')}, ${plural(report.calls, 'call')}${errors}`;
}

function serverView(server: ServerUsage, ui: Ui): string {
  const head = `${ui.bold(server.server)}  ${ui.dim(`${plural(server.runs, 'run')}, last used ${server.lastUsed.slice(0, 16).replace('T', ' ')} UTC`)}`;
  if (server.items.length === 0) return head;
  const rows = server.items.map((item) => [
    item.item,
    item.kind,
    String(item.calls),
    item.errors > 0 ? ui.red(String(item.errors)) : '0',
    `${item.medianMs} ms`,
    `${item.maxMs} ms`,
    `${size(item.requestBytes)} / ${size(item.responseBytes)}`,
  ]);
  return `${head}\n${ui.table(['ITEM', 'KIND', 'CALLS', 'ERRORS', 'MEDIAN', 'SLOWEST', 'SENT / RECEIVED'], rows)}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
