/** Through Cloudflare: a quick tunnel under a random name, or a named one of one's own. */
import { McpmError } from '../../errors.ts';
import { locate, openProgram } from './program.ts';
import type { TunnelProvider } from './types.ts';

export const cloudflared: TunnelProvider = {
  id: 'cloudflared',
  summary: 'Cloudflare (cloudflared)',
  takes: [],
  configured: (settings) => settings.cloudflared_token !== undefined,
  async open(request) {
    const { settings, origin, tls } = request;
    const program = await locate(
      request,
      'cloudflared',
      'cloudflared_path',
      'Install it from https://github.com/cloudflare/cloudflared/releases.',
    );
    const named = settings.cloudflared_token;
    const url = settings.cloudflared_url;
    if (named !== undefined && url === undefined)
      throw new McpmError('USAGE', 'A named tunnel of cloudflared has no URL of its own', {
        hint: 'Set cloudflared_url to the public hostname that you gave the tunnel.',
      });
    const target = `${tls ? 'https' : 'http'}://${origin.host}:${origin.port}`;
    const quick = ['--url', target, ...(tls ? ['--no-tls-verify'] : [])];
    return openProgram(request, {
      id: 'cloudflared',
      program,
      args: ['tunnel', '--no-autoupdate', ...(named === undefined ? quick : ['run', ...quick])],
      ...(named !== undefined && { env: { TUNNEL_TOKEN: named } }),
      urlIn: (line) =>
        named === undefined
          ? /https:\/\/[a-z0-9-]+\.trycloudflare\.com/.exec(line)?.[0]
          : /Registered tunnel connection/.test(line)
            ? url
            : undefined,
      addressHeader: 'cf-connecting-ip',
    });
  },
};
