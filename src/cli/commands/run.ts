import { pick, readServers } from '../../config/servers.ts';
import { command, needOneOf } from '../command.ts';
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
    const servers = await readServers(ctx);
    const name = await needOneOf(ctx, given, 'server', async () => Object.keys(servers));
    await serve(ctx, { name, servers: [pick(servers, name)] }, flags);
  },
});
