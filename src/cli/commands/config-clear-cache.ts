import { removeTree } from '../../platform/files.ts';
import { command } from '../command.ts';

export const configClearCacheCommand = command({
  brief: 'Forget downloaded registry pages and everything else that can be fetched again',
  plans: true,
  async run(ctx) {
    if (!ctx.dryRun) await removeTree(ctx.paths.cacheDir);
    return { folder: ctx.paths.cacheDir, removed: !ctx.dryRun };
  },
  view: ({ folder, removed }, ui) =>
    removed ? `${ui.green('Cleared')} ${folder}` : `Would clear ${folder}`,
});
