import { pick, readServers } from '../../config/index.ts';
import { command, needOneOf } from '../command.ts';
import { arg } from '../flags.ts';
import { SHARE_FLAGS, share } from '../share.ts';

export const shareCommand = command({
  brief: 'Share a server: a URL that works from anywhere, protected by a token',
  details:
    'Opens a tunnel and prints URL, token and client entries. With --json one object once it works, then one a line for what happens. Ctrl+C ends everything.',
  flags: SHARE_FLAGS,
  args: [arg.optional('NAME', 'The server')],
  confirms: true,
  run: async (ctx, flags, given) => {
    const servers = await readServers(ctx);
    const name = await needOneOf(ctx, given, 'server', async () => Object.keys(servers));
    await share(ctx, { kind: 'server', name }, [pick(servers, name)], flags);
  },
});
