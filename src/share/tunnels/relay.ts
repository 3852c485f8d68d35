/** Through a relay of one's own (`mcpm relay`): one outgoing TLS connection, kept up under the same URL. */
import { McpmError, messageOf } from '../../errors.ts';
import { readText } from '../../platform/files.ts';
import {
  type AgentConnection,
  connectAgent,
  RefusedError,
  type RelayEndpoint,
} from '../relay/agent.ts';
import type { RefusalCode, Welcome } from '../relay/protocol.ts';
import { parseEndpoint } from '../settings.ts';
import type { Tunnel, TunnelProvider, TunnelRequest } from './types.ts';

/** The relay's port unless told. */
const DEFAULT_PORT = 443;
/** Waits between attempts, ms: doubled from the first to the last, then the last again, each shortened at random by up to half. */
const FIRST_WAIT = 100;
const LAST_WAIT = 2_000;

const ADVICE: Readonly<Record<RefusalCode, string>> = {
  unauthorized: 'Ask the owner of the relay for a token and set relay_token to it.',
  'name-taken': 'Take another --subdomain, or none for a random one.',
  'name-denied': 'Leave --subdomain out, or ask the owner of the relay to allow it.',
  limit: 'Close another share first, or ask the owner of the relay for more.',
  later: 'Try again in a while.',
};

export const relay: TunnelProvider = {
  id: 'relay',
  summary: 'your own relay (`mcpm relay`)',
  configured: (settings) => settings.relay_address !== undefined,
  async open(request) {
    const { settings } = request;
    const endpoint = await endpointOf(request);
    const token = settings.relay_token;
    if (token === undefined)
      throw new McpmError('AUTH', 'No token for the relay is set', {
        hint: ADVICE.unauthorized,
      });
    const first = await connectAgent(
      endpoint,
      { token, ...(request.subdomain !== undefined && { name: request.subdomain }) },
      request.origin,
    ).catch((error) => {
      throw explain(error, endpoint);
    });
    return keepUp(first, request, endpoint, token);
  },
};

async function endpointOf({ settings, address }: TunnelRequest): Promise<RelayEndpoint> {
  const text = address ?? settings.relay_address;
  if (text === undefined)
    throw new McpmError('USAGE', 'Which relay?', {
      hint: 'Name it with --address HOST:PORT, or once: mcpm config set --key relay_address --value HOST:PORT',
    });
  const file = settings.relay_ca;
  const ca = file === undefined ? undefined : await readText(file);
  if (file !== undefined && ca === undefined)
    throw new McpmError('NOT_FOUND', `relay_ca names ${file}, which does not exist`);
  return {
    ...parseEndpoint(text, DEFAULT_PORT),
    ...(settings.relay_pin !== undefined && { pin: settings.relay_pin }),
    ...(ca !== undefined && { ca }),
  };
}

/** Hold the tunnel open: reconnect with back-off, as the same tunnel, until closed or refused for good. */
function keepUp(
  first: AgentConnection,
  request: TunnelRequest,
  endpoint: RelayEndpoint,
  token: string,
): Tunnel {
  const { signal, onEvent } = request;
  const { id, claim } = first.welcome;
  const stop = new AbortController();
  let current = first;
  const end = () => {
    stop.abort();
    current.close();
  };
  signal.addEventListener('abort', end, { once: true });
  const reconnect = async (): Promise<AgentConnection | undefined> => {
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      await pause(waitBefore(attempt), stop.signal);
      if (stop.signal.aborted) return undefined;
      const next = await connectAgent(endpoint, { token, id, claim }, request.origin).catch(
        (error: unknown) => {
          if (error instanceof RefusedError && error.code !== 'later')
            throw explain(error, endpoint);
          return undefined;
        },
      );
      if (next) return next;
    }
    return undefined;
  };
  const run = async () => {
    while (!stop.signal.aborted) {
      await current.closed;
      if (stop.signal.aborted) return;
      onEvent({ type: 'disconnected', reason: 'the connection to the relay is gone' });
      const next = await reconnect();
      if (next === undefined) return;
      current = next;
      if (stop.signal.aborted) return current.close();
      onEvent({ type: 'reconnected', url: publicUrl(next.welcome, endpoint) });
    }
  };
  const closed = run().finally(() => signal.removeEventListener('abort', end));
  return {
    url: publicUrl(first.welcome, endpoint),
    addressHeader: 'x-forwarded-for',
    closed,
    async close() {
      end();
      await closed.catch(() => {});
    },
  };
}

function publicUrl({ url }: Welcome, { host, port }: RelayEndpoint): string {
  if (!url.startsWith('/')) return url;
  const name = host.includes(':') ? `[${host}]` : host;
  return `https://${name}${port === DEFAULT_PORT ? '' : `:${port}`}${url}`;
}

function waitBefore(attempt: number): number {
  const wait = Math.min(LAST_WAIT, FIRST_WAIT * 2 ** Math.min(attempt, 10));
  return wait * (0.5 + Math.random() / 2);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

function explain(error: unknown, { host, port }: RelayEndpoint): Error {
  if (error instanceof McpmError) return error;
  const place = `the relay at ${host}:${port}`;
  if (!(error instanceof RefusedError))
    return new McpmError('TUNNEL', `No tunnel through ${place}: ${messageOf(error)}`, {
      cause: error,
    });
  const code = error.code === 'unauthorized' ? 'AUTH' : 'TUNNEL';
  return new McpmError(code, `${place} refused: ${error.message}`, {
    hint: ADVICE[error.code],
    data: { reason: error.code },
  });
}
