import { getServer } from '../../config/index.ts';
import { command, need } from '../command.ts';
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
    const name = await need(ctx, given, 'a server name: give it as the first argument', (prompts) =>
      prompts.text({ message: 'Which server?' }),
    );
    await share(ctx, { kind: 'server', name }, [await getServer(ctx, name)], flags);
  },
});
