/** A pass-through, with what it takes to hand over to a router when it must. */
import type { Server } from '../../config/types.ts';
import type { Context } from '../../context.ts';
import type { UsageSink } from '../calls.ts';
import type { StdioClient } from '../downstream/stdio.ts';
import type { Frame } from '../frames/frame.ts';
import type { EngineSettings } from '../settings.ts';
import type { Upstream } from '../upstream/types.ts';
import { PassThrough } from './pass-through.ts';

/** What the gateway brings. */
interface Means {
  readonly ctx: Context;
  readonly settings: EngineSettings;
  readonly recorder: UsageSink | undefined;
  make(server: Server): Upstream;
  /** A session at a router over the same server, on a client that is open already. */
  session(
    make: (server: Server) => Upstream,
    client: StdioClient,
  ): Promise<{ receive(frame: Frame): void; run(): Promise<void> }>;
}

/** Make it; nothing is started. */
export function servePassThrough(server: Server, means: Means): PassThrough {
  const { ctx, settings, recorder } = means;
  return new PassThrough({
    ctx,
    settings,
    recorder,
    name: server.name,
    upstream: () => means.make(server),
    async speaksModern() {
      const { EraFile, memoryOf } = await import('../eras/memory.ts');
      const eras = new EraFile(ctx);
      await eras.load();
      return memoryOf(server, eras).get() === 'modern';
    },
    async handOver(client, upstream, said) {
      let adopted: Upstream | undefined = upstream;
      const session = await means.session((again) => {
        const first = adopted;
        adopted = undefined;
        return first ?? means.make(again);
      }, client);
      const done = session.run();
      for (const frame of said) session.receive(frame);
      await done;
    },
  });
}
