import {
  clientArg,
  clientOf,
  mannerOf,
  whereFlags,
  whereOf,
  wishFlags,
  wishOf,
} from '../client-flags.ts';
import { command } from '../command.ts';
import { renderDiff } from '../render/diff.ts';
import { resultOf } from './client-edit.ts';

export const clientDiffCommand = command({
  brief: "Show what an edit of a client's file would change, or what the last one changed",
  details:
    'With the flags of client edit: what it would do. Without: the last edit. Secrets are masked.',
  args: [clientArg],
  flags: { ...wishFlags, ...whereFlags },
  confirms: true,
  async run(ctx, flags, given) {
    const row = await clientOf(ctx, given);
    const { lastEdit, maskerOf, previewEdit, unifiedDiff } = await import('../../clients/index.ts');
    const where = whereOf(flags);
    const wish = wishOf(flags);
    if (wish) {
      const plan = await previewEdit(ctx, row, wish, { ...where, ...mannerOf(ctx, flags) });
      const { client, file, diff } = await resultOf(plan, true);
      return { client, file, diff };
    }
    const { file, before, after } = await lastEdit(ctx, row, where);
    const mask = await maskerOf(row.format, file, [before, after]);
    return { client: row.key, file, diff: unifiedDiff(file, before, after, mask) };
  },
  view: ({ diff, file }, ui) =>
    diff.length === 0 ? `No difference in ${file}` : renderDiff(diff, ui),
});
