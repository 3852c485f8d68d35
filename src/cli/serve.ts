/** Serving servers until the client is gone or someone ends us: what `run` and `profile run` have in common. */
import { engineLimits } from '../config/limits.ts';
import { readSettings } from '../config/settings.ts';
import type { Server } from '../config/types.ts';
import { createGateway } from '../engine/gateway.ts';
import { McpmError } from '../errors.ts';
import { untilTerminated } from '../platform/signals.ts';
import { openRecorder } from '../usage/recorder.ts';
import type { CommandContext } from './command.ts';
import { type FlagValues, flag } from './flags.ts';

/** How to serve. */
export const SERVE_FLAGS = {
  http: flag.boolean('Serve Streamable HTTP at /mcp instead of stdio'),
  sse: flag.boolean('Serve HTTP+SSE at /sse instead, for clients that know nothing newer'),
  port: flag.integer('Port to serve on (6276, or the next free one of ten)', {
    alias: 'p',
    max: 65_535,
    placeholder: 'PORT',
  }),
  host: flag.text('Address to serve on (127.0.0.1)', { placeholder: 'HOST' }),
  allowedHosts: flag.list(
    'Names, besides the loopback ones, that clients reach it by; requests under others are refused',
  ),
};

/** Whether stdout carries the protocol: on stdio it does, nothing else may be written there. */
export function carriesProtocol(flags: FlagValues<typeof SERVE_FLAGS>): boolean {
  return !(flags.http || flags.sse);
}

/** Tried one after the other when no port was asked for. */
const DEFAULT_PORT = 6276;
const PORT_TRIES = 10;

/** What is served. */
export interface Served {
  readonly servers: readonly Server[];
  /** The server's or the profile's name. */
  readonly name: string;
  readonly profile?: string;
}

/**
 * Serve until the client closes its end (stdio) or a signal ends us; then nothing that was started is left.
 * @throws McpmError USAGE, PORT_IN_USE, SERVER_START, SERVER_EXIT, RUNTIME_MISSING.
 */
export async function serve(
  ctx: CommandContext,
  served: Served,
  flags: FlagValues<typeof SERVE_FLAGS>,
): Promise<void> {
  const transport = transportOf(flags);
  const { servers, name, profile } = served;
  const settings = await readSettings(ctx);
  const recorder =
    settings['usage'] === false
      ? undefined
      : openRecorder(ctx, {
          servers: servers.map((server) => server.name),
          transport,
          ...(profile !== undefined && { profile }),
        });
  const ended = untilTerminated();
  const gateway = createGateway({
    ctx,
    servers,
    name,
    settings: engineLimits(ctx, settings),
    ...(recorder && { recorder }),
  });
  try {
    if (transport === 'stdio') await Promise.race([gateway.serveStdio(), ended.signal]);
    else {
      const http = {
        ...(flags.host !== undefined && { host: flags.host }),
        ...(flags.allowedHosts && { allowedHosts: flags.allowedHosts }),
        ...(flags.port === undefined
          ? { port: DEFAULT_PORT, portTries: PORT_TRIES }
          : { port: flags.port }),
      };
      const endpoint = await (transport === 'http'
        ? gateway.serveHttp(http)
        : gateway.serveSse(http));
      ctx.log.info(`Serving ${name} at ${endpoint.url} (Ctrl-C ends it)`);
      if (!isLoopback(endpoint.host))
        ctx.log.warn(
          `whoever reaches ${endpoint.host} can use ${name}, without a token; \`mcpm share\` asks for one`,
        );
      ctx.emit({ name, transport, url: endpoint.url }, '');
      await Promise.race([ended.signal, endpoint.closed]);
    }
  } finally {
    await gateway.close();
    ended.stop();
    recorder?.close();
  }
}

function isLoopback(host: string): boolean {
  return /^(127\.|localhost$|::1$)/.test(host);
}

function transportOf(flags: FlagValues<typeof SERVE_FLAGS>): 'stdio' | 'http' | 'sse' {
  if (flags.http && flags.sse) {
    throw new McpmError('USAGE', '--http and --sse cannot be used together', {
      hint: 'Clients of today speak --http.',
    });
  }
  const transport = flags.http ? 'http' : flags.sse ? 'sse' : 'stdio';
  if (transport === 'stdio' && (flags.port !== undefined || flags.host !== undefined)) {
    throw new McpmError('USAGE', '--port and --host need --http or --sse');
  }
  return transport;
}
