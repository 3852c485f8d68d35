/** No tunnel: the address on this machine (`--local-only`). */
import type { TunnelProvider } from './types.ts';

export const local: TunnelProvider = {
  id: 'local',
  summary: 'no tunnel: this machine alone',
  configured: () => false,
  async open({ origin, tls, signal }) {
    const host = origin.host.includes(':') ? `[${origin.host}]` : origin.host;
    let end = () => {};
    const closed = new Promise<void>((resolve) => {
      end = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return {
      url: `${tls ? 'https' : 'http'}://${host}:${origin.port}`,
      closed,
      close: async () => end(),
    };
  },
};
