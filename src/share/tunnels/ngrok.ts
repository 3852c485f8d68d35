/** Through ngrok, with the account that its own configuration holds. */
import { locate, openProgram } from './program.ts';
import type { TunnelProvider } from './types.ts';

export const ngrok: TunnelProvider = {
  id: 'ngrok',
  summary: 'ngrok',
  takes: [],
  configured: (settings) => settings.ngrok_url !== undefined,
  async open(request) {
    const { settings, origin, tls } = request;
    const program = await locate(
      request,
      'ngrok',
      'ngrok_path',
      'Install it from https://ngrok.com/download and run `ngrok config add-authtoken`.',
    );
    return openProgram(request, {
      id: 'ngrok',
      program,
      args: [
        'http',
        `${tls ? 'https' : 'http'}://${origin.host}:${origin.port}`,
        '--log=stdout',
        '--log-format=logfmt',
        ...(settings.ngrok_url === undefined ? [] : [`--url=${settings.ngrok_url}`]),
      ],
      urlIn: (line) => /msg="started tunnel".* url=(https:\/\/\S+)/.exec(line)?.[1],
      addressHeader: 'x-forwarded-for',
    });
  },
};
