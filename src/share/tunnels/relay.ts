/** Through a relay of one's own (`mcpm relay`): one outgoing TLS connection, kept up under the same URL. */
import { McpmError, messageOf } from '../../errors.ts';
import { readText } from '../../platform/files.ts';
import {
  type AgentConnection,
  connectAgent,
  RefusedError,
  type RelayEndpoint,
} from '../relay/agent.ts';
import type { Hello, RefusalCode, Welcome } from '../relay/protocol.ts';
import { parseEndpoint, type ShareSettings } from '../settings.ts';
import { type Held, hold } from './hold.ts';
import type { Trust, TunnelProvider, TunnelRequest } from './types.ts';

/** The relay's port unless told. */
const DEFAULT_PORT = 443;
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
  takes: ['address', 'subdomain'],
  configured: (settings) => settings.relay_address !== undefined,
  async open(request) {
    const { settings } = request;
    const endpoint = await endpointOf(request);
    const token = settings.relay_token;
    if (token === undefined)
      throw new McpmError('AUTH', 'No token for the relay is set', {
        hint: ADVICE.unauthorized,
      });
    const { subdomain, origin, handle = origin } = request;
    const dial = (hello: Omit<Hello, 'token'>) =>
      connectAgent(endpoint, { token, ...hello }, handle);
    const first = await dial(subdomain === undefined ? {} : { name: subdomain }).catch((error) => {
      throw explain(error, endpoint);
    });
    const { id, claim } = first.welcome;
    const again = async () => {
      const next = await dial({ id, claim }).catch((error: unknown) => {
        if (error instanceof RefusedError && error.code !== 'later') throw explain(error, endpoint);
        return undefined;
      });
      return next && held(next, endpoint);
    };
    const trust = trustOf(settings, first.welcome, endpoint);
    return {
      ...hold(request, held(first, endpoint), again),
      addressHeader: 'x-forwarded-for',
      ...(trust && { trust }),
    };
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

function held(connection: AgentConnection, endpoint: RelayEndpoint): Held {
  return {
    url: publicUrl(connection.welcome, endpoint),
    gone: connection.closed.then(() => 'the connection to the relay is gone'),
    close: async () => connection.close(),
  };
}

function publicUrl({ url }: Welcome, { host, port }: RelayEndpoint): string {
  if (!url.startsWith('/')) return url;
  const name = host.includes(':') ? `[${host}]` : host;
  return `https://${name}${port === DEFAULT_PORT ? '' : `:${port}`}${url}`;
}

/** Visitors need what the agent needs where they reach the relay itself, not a proxy before it. */
function trustOf(
  { relay_pin: pin, relay_ca: ca }: ShareSettings,
  welcome: Welcome,
  endpoint: RelayEndpoint,
): Trust | undefined {
  const { hostname, port } = new URL(publicUrl(welcome, endpoint));
  const itself =
    Number(port || DEFAULT_PORT) === endpoint.port &&
    `.${hostname}`.endsWith(`.${endpoint.host.toLowerCase()}`);
  if (!itself) return undefined;
  if (ca !== undefined) return { ca };
  return pin === undefined ? undefined : { pin };
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
