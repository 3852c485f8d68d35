/** Keeping a tunnel up: when it goes, it is opened again with back-off, until it is closed or refused for good. */
import { pause, waitBefore } from '../backoff.ts';
import type { Tunnel, TunnelRequest } from './types.ts';

/** A tunnel while it is up. */
export interface Held {
  readonly url: string;
  /** Resolves with the reason when it is gone. */
  readonly gone: Promise<string>;
  close(): Promise<void>;
}

/**
 * A tunnel that comes back.
 * @param first as it was opened
 * @param open opens it again; `undefined` asks for another try, an error ends the tunnel
 */
export function hold(
  request: Pick<TunnelRequest, 'signal' | 'onEvent'>,
  first: Held,
  open: () => Promise<Held | undefined>,
): Omit<Tunnel, 'addressHeader'> {
  const { signal, onEvent } = request;
  const stop = new AbortController();
  let current = first;
  const end = () => {
    stop.abort();
    return current.close();
  };
  const onAbort = () => void end();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  const reopen = async (): Promise<Held | undefined> => {
    for (let attempt = 0; ; attempt++) {
      await pause(waitBefore(attempt), stop.signal);
      if (stop.signal.aborted) return undefined;
      const next = await open();
      if (next && stop.signal.aborted) await next.close();
      if (next) return next;
    }
  };
  const run = async () => {
    for (;;) {
      const reason = await current.gone;
      if (stop.signal.aborted) return;
      onEvent({ type: 'disconnected', reason });
      const next = await reopen();
      if (next === undefined || stop.signal.aborted) return;
      current = next;
      onEvent({ type: 'reconnected', url: next.url });
    }
  };
  const closed = run().finally(() => signal.removeEventListener('abort', onAbort));
  return {
    url: first.url,
    closed,
    async close() {
      await end();
      await closed.catch(() => {});
    },
  };
}
