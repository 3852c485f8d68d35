/** Opening a tunnel, with patience and second tries. */
import { McpmError } from '../errors.ts';
import { pause } from './backoff.ts';
import type { ShareOptions } from './session.ts';
import type { Tunnel, TunnelRequest } from './tunnels/types.ts';

/**
 * Open a tunnel: at most `timeoutMs` a try, `retry` more tries when it is the tunnel or the network that failed.
 * @throws McpmError of the last try.
 */
export async function openTunnel(
  open: (request: TunnelRequest) => Promise<Tunnel>,
  request: TunnelRequest,
  { retry, timeoutMs, onEvent }: Pick<ShareOptions, 'retry' | 'timeoutMs' | 'onEvent'>,
): Promise<Tunnel> {
  for (let left = retry; ; left--) {
    try {
      return await within(timeoutMs, request, open);
    } catch (error) {
      const again = error instanceof McpmError && ['TUNNEL', 'NETWORK'].includes(error.code);
      if (left <= 0 || !again || request.signal.aborted) throw error;
      onEvent({ type: 'retry', reason: error.message });
      await pause(1_000, request.signal);
    }
  }
}

async function within(
  ms: number,
  request: TunnelRequest,
  open: (request: TunnelRequest) => Promise<Tunnel>,
): Promise<Tunnel> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  const signal = AbortSignal.any([request.signal, late.signal]);
  const expired = new Promise<never>((_resolve, reject) => {
    late.signal.addEventListener('abort', () =>
      reject(
        new McpmError('TUNNEL', `No tunnel within ${ms / 1000} s`, {
          hint: 'Give it longer with --timeout SECONDS, or another try with --retry N.',
        }),
      ),
    );
  });
  try {
    return await Promise.race([open({ ...request, signal }), expired]);
  } finally {
    clearTimeout(timer);
  }
}
