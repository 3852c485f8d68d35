import { pick, readServers, updateServers } from '../../config/index.ts';
import { command, confirm } from '../command.ts';
import { arg } from '../flags.ts';

export const uninstallCommand = command({
  brief: 'Remove a server, from its profiles too',
  args: [arg.required('NAME', 'The server to remove')],
  confirms: true,
  plans: true,
  async run(ctx, _flags, name) {
    const server = pick(await readServers(ctx), name);
    const profiles = server.profile_tags;
    const from = profiles.length > 0 ? ` (in ${profiles.join(', ')})` : '';
    await confirm(ctx, `Remove ${name}${from}?`);
    if (ctx.dryRun) return { name, profiles, secrets: [], removed: false };
    await updateServers(ctx, (all) => {
      pick(all, name);
      const { [name]: _, ...rest } = all;
      return rest;
    });
    const { forget } = await import('../../install/index.ts');
    return { name, profiles, secrets: await forget(ctx, name, server), removed: true };
  },
  view: ({ name, removed }, ui) =>
    removed
      ? `${ui.green('Removed')} ${name}. Clients that still name it: mcpm client ls`
      : `Would remove ${name}.`,
});
