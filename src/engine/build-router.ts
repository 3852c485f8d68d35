/** Makes the router of a gateway: every server with its isolation and what is remembered of its era. */
import type { Server } from '../config/types.ts';
import type { Context } from '../context.ts';
import { VERSION } from '../platform/version.ts';
import { EraFile, memoryOf } from './eras/memory.ts';
import type { GatewayOptions } from './gateway.ts';
import { Router } from './router/router.ts';
import type { EngineSettings } from './settings.ts';
import type { Upstream } from './upstream/types.ts';

/** Build it; no server is started. `close` ends it, once what it learned of its servers is on the disk. */
export async function buildRouter(
  options: GatewayOptions & { readonly ctx: Context; readonly settings: EngineSettings },
  upstream: (server: Server) => Upstream,
): Promise<{ readonly router: Router; close(): Promise<void> }> {
  const { ctx, servers, settings, name, recorder } = options;
  const eras = new EraFile(ctx);
  await eras.load();
  const router = new Router({
    ctx,
    settings,
    recorder,
    middleware: options.middleware ?? [],
    identity: { name, version: VERSION },
    servers: servers.map((server) => ({
      name: server.name,
      isolation: server['isolation'] === 'session' ? 'session' : 'shared',
      memory: memoryOf(server, eras),
      upstream: () => upstream(server),
    })),
  });
  return {
    router,
    async close() {
      await router.close();
      await eras.saved();
    },
  };
}
