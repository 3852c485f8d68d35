import { EXIT_CODES, McpmError } from '../../errors.ts';
import type { Detected, Finding, UpdateRequest } from '../../update/index.ts';
import { type CommandContext, command, confirm } from '../command.ts';
import { arg, flag } from '../flags.ts';
import { createUi, type Ui } from '../render/ui.ts';
import { reportOf, type UpdateReport, updateView } from '../update-view.ts';

/** What the command did: it looked, it updated, or it recorded where servers come from. */
type Result =
  | (UpdateReport & { readonly did: 'check' | 'update'; readonly verbose: boolean })
  | { readonly did: 'init'; readonly detected: readonly Detected[] };

export const updateCommand = command({
  brief: 'Bring servers to their newest version, or to another one',
  details:
    'Stored versions of npm and PyPI packages and of images are moved to the newest; checkouts are fast-forwarded. With --check nothing changes, and the exit status is 14 when there are updates.',
  args: [arg.rest('NAME', 'These servers alone')],
  confirms: true,
  plans: true,
  flags: {
    check: flag.boolean('Only look; exit with 14 when there are updates'),
    to: flag.text('This version, tag or commit; `previous` goes back to the one before', {
      placeholder: 'VERSION',
    }),
    rebase: flag.boolean('Put local commits of a checkout on top of the new ones'),
    try: flag.boolean('Start the new version once; keep the old one when it does not answer'),
    init: flag.boolean('Find out where servers come from that have no source yet'),
    verbose: flag.boolean('Show those that are current, too', { alias: 'v' }),
  },
  run: async (ctx, { check, to, rebase, try: trial, init, verbose }, ...names): Promise<Result> => {
    const { checkUpdates, detectSources } = await import('../../update/index.ts');
    const chosen = names.length === 0 ? undefined : names;
    if (init) return { did: 'init', detected: await detectSources(ctx, chosen, ctx.yes) };
    if (to !== undefined) return { ...(await moveTo(ctx, names, { to, rebase, trial })), verbose };
    const findings = await checkUpdates(ctx, chosen);
    if (check || ctx.dryRun) return { did: 'check', ...reportOf(findings), verbose };
    const report = reportOf(await updateAll(ctx, findings, { rebase, trial }, names.length === 1));
    return { did: 'update', ...report, verbose };
  },
  view: (data, ui) =>
    data.did === 'init' ? detectedView(data.detected, ui) : updateView(data, ui, data.verbose),
  exitCode: (data) => {
    if (data.did === 'init') return 0;
    if (data.did === 'check' && data.pending > 0) return EXIT_CODES.CHANGES_PENDING;
    return data.failed > 0 ? EXIT_CODES.PARTIAL : 0;
  },
});

async function moveTo(
  ctx: CommandContext,
  names: readonly string[],
  request: UpdateRequest,
): Promise<UpdateReport & { did: 'check' | 'update' }> {
  const { checkUpdates, updateServer } = await import('../../update/index.ts');
  const [name, ...others] = names;
  if (name === undefined || others.length > 0)
    throw new McpmError('USAGE', '--to needs exactly one server', {
      hint: `For example: mcpm update ${name ?? 'NAME'} --to ${request.to}`,
    });
  if (ctx.dryRun) {
    const found = await checkUpdates(ctx, [name]);
    const wanted = found.map((one): Finding => movedTo(one, request.to ?? ''));
    return { did: 'check', ...reportOf(wanted) };
  }
  if (ctx.prompts && !ctx.yes) await confirm(ctx, `Bring ${name} to ${request.to}?`, true);
  return { did: 'update', ...reportOf([await updateServer(ctx, name, request)]) };
}

/** How a server would stand when it went to a version. */
function movedTo(finding: Finding, to: string): Finding {
  if (finding.kind === 'remote' || finding.kind === 'unknown') return finding;
  const { latest: _, reason: __, ...rest } = finding;
  return { ...rest, latest: to, state: finding.current === to ? 'current' : 'outdated' };
}

/** Update what is outdated. The failure of the one server that was named is the command's; among several it is noted. */
async function updateAll(
  ctx: CommandContext,
  findings: readonly Finding[],
  request: UpdateRequest,
  alone: boolean,
): Promise<UpdateReport['servers']> {
  const { updateServer } = await import('../../update/index.ts');
  const outdated = findings.filter(({ state }) => state === 'outdated');
  if (outdated.length > 0 && ctx.prompts && !ctx.yes) {
    const ui = createUi({ color: ctx.terminal.errorColor, width: ctx.terminal.width });
    ctx.log.info(updateView(reportOf(outdated), ui, false));
    await confirm(ctx, `Update ${outdated.map(({ name }) => name).join(', ')}?`, true);
  }
  const outcomes: UpdateReport['servers'][number][] = [];
  for (const finding of findings) {
    const again = finding.state === 'outdated' || (alone && finding.state === 'failed');
    if (!again) outcomes.push(finding);
    else outcomes.push(await updateServer(ctx, finding.name, request).catch(noted(finding, alone)));
  }
  return outcomes;
}

function noted(finding: Finding, alone: boolean) {
  return (error: unknown): Finding => {
    if (alone || !(error instanceof McpmError)) throw error;
    return { ...finding, state: 'failed', reason: error.message };
  };
}

function detectedView(detected: readonly Detected[], ui: Ui): string {
  if (detected.length === 0) return 'Every server has a source; --force looks again.';
  const rows = detected.map(({ name, source }) => {
    const { type, ...details } = source;
    return [name, type, Object.values(details).join('  ')];
  });
  return ui.table(['NAME', 'FROM', ''], rows);
}
