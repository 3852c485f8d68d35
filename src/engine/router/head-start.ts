/** A server's process started before anyone has asked for it, to be taken over by the first that does. */
import type { Upstream, UpstreamHandlers } from '../upstream/types.ts';

/** Start an upstream now. What happens before someone takes it over is handed on then. */
export function headStart(upstream: Upstream): Upstream {
  let handlers: UpstreamHandlers | undefined;
  const early: ((to: UpstreamHandlers) => void)[] = [];
  const tell = (event: (to: UpstreamHandlers) => void) => {
    if (handlers) event(handlers);
    else early.push(event);
  };
  const started = upstream.start({
    onMessage: (frame) => tell((to) => to.onMessage(frame)),
    onDrain: () => tell((to) => to.onDrain()),
    onClose: (exit) => tell((to) => to.onClose(exit)),
  });
  started.catch(() => {});
  return {
    name: upstream.name,
    transport: upstream.transport,
    get state() {
      return upstream.state;
    },
    get tail() {
      return upstream.tail ?? '';
    },
    async start(given) {
      await started;
      handlers = given;
      for (const event of early.splice(0)) event(given);
    },
    send: (frame) => upstream.send(frame),
    pause: () => upstream.pause(),
    resume: () => upstream.resume(),
    close: () => upstream.close(),
  };
}
