/** How updates are shown. */
import type { Finding, UpdateState } from '../update/index.ts';
import type { Ui } from './render/ui.ts';

/** Findings, or what became of them, with how many there are of each. */
export interface UpdateReport {
  readonly servers: readonly (Finding & { readonly updated?: boolean })[];
  /** How many have a newer version that is not in use. */
  readonly pending: number;
  readonly updated: number;
  readonly failed: number;
}

/** Count. */
export function reportOf(servers: UpdateReport['servers']): UpdateReport {
  const count = (state: UpdateState) => servers.filter((one) => one.state === state).length;
  return {
    servers,
    pending: count('outdated'),
    updated: servers.filter(({ updated }) => updated).length,
    failed: count('failed'),
  };
}

/** What a person does not need to read every day, in words for how many there are. */
const QUIET: Readonly<Partial<Record<UpdateState, (count: number) => string>>> = {
  current: (count) => `${count} current`,
  none: (count) => `${count} with nothing to update`,
};

/** The servers that want attention as a table, the others as a number; all of them with `verbose`. */
export function updateView(report: UpdateReport, ui: Ui, verbose: boolean): string {
  if (report.servers.length === 0) return 'No servers are installed.';
  const loud = report.servers.filter(
    ({ state, updated }) => verbose || updated || !(state in QUIET),
  );
  const quiet = Object.entries(QUIET).flatMap(([state, words]) => {
    const count = report.servers.filter((one) => one.state === state && !loud.includes(one)).length;
    return count === 0 ? [] : words(count);
  });
  const didUpdate = report.updated > 0;
  const rows = loud.map((one) => [
    one.name,
    one.current ?? '',
    (didUpdate && !one.updated ? one.current : one.latest) ?? '',
    one.kind,
    [mark(one, ui), one.reason].filter(Boolean).join(': '),
  ]);
  const versions = didUpdate ? ['WAS', 'IS'] : ['IN USE', 'NEWEST'];
  return [
    ...(rows.length === 0 ? [] : [ui.table(['NAME', ...versions, 'FROM', ''], rows)]),
    ...(quiet.length === 0 ? [] : [ui.dim(quiet.join(', '))]),
  ].join('\n');
}

function mark({ state, updated }: UpdateReport['servers'][number], ui: Ui): string {
  if (updated) return ui.green('updated');
  const marks: Readonly<Record<UpdateState, string>> = {
    current: ui.green('current'),
    outdated: ui.yellow('outdated'),
    floating: ui.dim('floating'),
    skipped: ui.yellow('skipped'),
    none: '',
    failed: ui.red('failed'),
  };
  return marks[state];
}
