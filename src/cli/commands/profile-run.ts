import { profileNames, serversOfProfile } from '../../profiles/profiles.ts';
import { command, needOneOf } from '../command.ts';
import { arg } from '../flags.ts';
import { carriesProtocol, SERVE_FLAGS, serve } from '../serve.ts';

export const profileRunCommand = command({
  brief: 'Run all servers of a profile as one, their names prefixed',
  details:
    'A server that does not start or hangs does not hold the others: it is reported on stderr and tried again.',
  flags: SERVE_FLAGS,
  args: [arg.optional('PROFILE', 'The profile')],
  serves: carriesProtocol,
  run: async (ctx, flags, given) => {
    const name = await needOneOf(ctx, given, 'profile', () => profileNames(ctx));
    await serve(ctx, { name, profile: name, servers: await serversOfProfile(ctx, name) }, flags);
  },
});
