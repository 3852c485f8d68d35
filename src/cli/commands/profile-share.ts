import { profileNames, serversOfProfile } from '../../profiles/index.ts';
import { command, needOneOf } from '../command.ts';
import { arg } from '../flags.ts';
import { SHARE_FLAGS, share } from '../share.ts';

export const profileShareCommand = command({
  brief: 'Share all servers of a profile as one, at a URL that works from anywhere',
  details: 'As `mcpm share`, for a profile; --servers shares some of it.',
  flags: SHARE_FLAGS,
  args: [arg.optional('PROFILE', 'The profile')],
  confirms: true,
  run: async (ctx, flags, given) => {
    const name = await needOneOf(ctx, given, 'profile', () => profileNames(ctx));
    await share(ctx, { kind: 'profile', name }, await serversOfProfile(ctx, name), flags);
  },
});
