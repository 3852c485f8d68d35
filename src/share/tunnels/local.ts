/** No tunnel: the address on this machine (`--local-only`). */
import { ownNames } from '../own-names.ts';
import type { TunnelProvider } from './types.ts';

export const local: TunnelProvider = {
  id: 'local',
  summary: 'no tunnel: this machine alone',
  takes: [],
  configured: () => false,
  async open({ origin, tls, signal }) {
    const scheme = tls ? 'https' : 'http';
    const urlOf = (name: string) =>
      `${scheme}://${name.includes(':') ? `[${name}]` : name}:${origin.port}`;
    const everywhere = ['0.0.0.0', '::'].includes(origin.host);
    const [name = origin.host, ...others] = everywhere ? ownNames() : [];
    let end = () => {};
    const closed = new Promise<void>((resolve) => {
      end = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return {
      url: urlOf(name),
      alsoAt: others.map(urlOf),
      closed,
      close: async () => end(),
    };
  },
};
