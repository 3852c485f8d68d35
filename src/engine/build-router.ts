/** Makes the router of a gateway: every server with its isolation and what is remembered of its era. */
import { isRemote, isStdio, type Server } from '../config/types.ts';
import { VERSION } from '../platform/version.ts';
import type { Era } from './eras/era.ts';
import { EraFile, type EraMemory, fixedMemory } from './eras/memory.ts';
import type { GatewayOptions } from './gateway.ts';
import { Router } from './router/router.ts';
import type { EngineSettings } from './settings.ts';
import type { Upstream } from './upstream/types.ts';

/** Build it; no server is started. */
export async function buildRouter(
  options: GatewayOptions & { readonly settings: EngineSettings },
  upstream: (server: Server) => Upstream,
): Promise<Router> {
  const { ctx, servers, settings, name, recorder } = options;
  const eras = new EraFile(ctx);
  await eras.load();
  return new Router({
    ctx,
    settings,
    recorder,
    identity: { name, version: VERSION },
    servers: servers.map((server) => ({
      name: server.name,
      isolation: server['isolation'] === 'session' ? 'session' : 'shared',
      memory: memoryOf(server, eras),
      upstream: () => upstream(server),
    })),
  });
}

/** `protocol: "legacy" | "modern"` of a server's entry says what is else found out and remembered. */
function memoryOf(server: Server, eras: EraFile): EraMemory {
  const told = server['protocol'];
  if (told === 'legacy' || told === 'modern') return fixedMemory(told satisfies Era);
  if (isStdio(server)) return eras.of([server.command, ...server.args].join(' '));
  return eras.of(isRemote(server) ? server.url : server.name);
}
