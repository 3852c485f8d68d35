import { deleteProfile, getProfile } from '../../profiles/index.ts';
import { command, confirm } from '../command.ts';
import { arg } from '../flags.ts';

export const profileRmCommand = command({
  brief: 'Delete a profile; its servers stay',
  args: [arg.required('NAME', 'The profile to delete')],
  confirms: true,
  plans: true,
  async run(ctx, _flags, name) {
    const profile = await getProfile(ctx, name);
    await confirm(ctx, `Delete the profile ${name}?`);
    if (!ctx.dryRun) await deleteProfile(ctx, name);
    return { profile, removed: !ctx.dryRun };
  },
  view: ({ profile, removed }, ui) =>
    removed
      ? `${ui.green('Deleted')} ${profile.name}; its servers stay`
      : `Would delete ${profile.name}.`,
});
