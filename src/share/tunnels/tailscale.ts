/** Through Tailscale Funnel, under this machine's own name. */
import { locate, openProgram } from './program.ts';
import type { TunnelProvider } from './types.ts';

export const tailscale: TunnelProvider = {
  id: 'tailscale',
  summary: 'Tailscale Funnel',
  takes: [],
  configured: () => false,
  async open(request) {
    const { origin, tls } = request;
    const program = await locate(
      request,
      'tailscale',
      'tailscale_path',
      'Install it from https://tailscale.com/download and run `tailscale up`.',
    );
    return openProgram(request, {
      id: 'tailscale',
      program,
      args: ['funnel', `${tls ? 'https+insecure' : 'http'}://${origin.host}:${origin.port}`],
      urlIn: (line) => /https:\/\/[a-z0-9.-]+\.ts\.net(?::\d+)?/.exec(line)?.[0],
      addressHeader: 'x-forwarded-for',
    });
  },
};
