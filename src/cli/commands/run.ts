import { getServer } from '../../config/servers.ts';
import { command, need } from '../command.ts';
import { arg } from '../flags.ts';
import { carriesProtocol, SERVE_FLAGS, serve } from '../serve.ts';

export const runCommand = command({
  brief: 'Run a server: on stdio for a client, or as an HTTP endpoint',
  details:
    'stdin and stdout carry the protocol; everything else is on stderr. The server and all it started end with the client.',
  flags: SERVE_FLAGS,
  args: [arg.optional('NAME', 'The server')],
  serves: carriesProtocol,
  run: async (ctx, flags, given) => {
    const name = await need(ctx, given, 'a server name: give it as the first argument', (prompts) =>
      prompts.text({ message: 'Which server?' }),
    );
    await serve(ctx, { name, servers: [await getServer(ctx, name)] }, flags);
  },
});
