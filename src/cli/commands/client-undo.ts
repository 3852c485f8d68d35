import { clientArg, clientOf, whereFlags, whereOf } from '../client-flags.ts';
import { command } from '../command.ts';
import { renderDiff } from '../render/diff.ts';

export const clientUndoCommand = command({
  brief: "Put back a client's file as it was before the last edit",
  details: 'Byte for byte. Repeated, it goes further back; the last 10 copies of a file are kept.',
  args: [clientArg],
  flags: { ...whereFlags },
  confirms: true,
  plans: true,
  async run(ctx, flags, given) {
    const row = await clientOf(ctx, given);
    const { maskerOf, undoEdit, unifiedDiff } = await import('../../clients/index.ts');
    const options = { force: ctx.yes, dryRun: ctx.dryRun };
    const done = await undoEdit(ctx, row, whereOf(flags), options);
    const { file, at, removed, before, after, kept } = done;
    const mask = await maskerOf(row.format, file, [before, after]).catch(() => () => '');
    const diff = unifiedDiff(file, before, after, mask);
    return {
      client: row.key,
      file,
      editedAt: at,
      removed,
      kept,
      dryRun: ctx.dryRun,
      diff,
      reload: row.reload,
    };
  },
  view: ({ file, editedAt, removed, kept, dryRun, diff, reload }, ui) => {
    if (dryRun) return renderDiff(diff, ui);
    const what = removed
      ? `${file} is gone: the edit of ${editedAt} had created it.`
      : `${file} is as it was before the edit of ${editedAt}.`;
    return [
      `${ui.green('Undone:')} ${what}`,
      ...(kept === undefined ? [] : [ui.dim(`What it held is in ${kept}`)]),
      ui.dim(reload),
    ].join('\n');
  },
});
