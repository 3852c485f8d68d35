import { McpmError } from '../../errors.ts';
import { defined } from '../../platform/defined.ts';
import { untilTerminated } from '../../platform/signals.ts';
import type { RelayEvent, RelayService } from '../../share/index.ts';
import { command } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { type FlagValues, flag } from '../flags.ts';

const FLAGS = {
  port: flag.integer('Port for agents and visitors alike (8443)', {
    alias: 'p',
    max: 65_535,
    placeholder: 'PORT',
  }),
  host: flag.text('Address to listen on (all)', { placeholder: 'HOST' }),
  tlsCert: flag.text('Certificate chain (PEM); read again when it changes', {
    placeholder: 'FILE',
  }),
  tlsKey: flag.text('Its key (PEM). Without both: self-signed, to be pinned', {
    placeholder: 'FILE',
  }),
  tokenFile: flag.text('Who may open tunnels; read again when it changes', { placeholder: 'FILE' }),
  domain: flag.text('Give each tunnel a subdomain of it (needs a wildcard name and certificate)', {
    placeholder: 'DOMAIN',
  }),
  publicUrl: flag.text(
    'The address visitors use, when it is another: https://HOST or https://*.HOST',
    {
      placeholder: 'URL',
    },
  ),
  trustProxy: flag.list('Addresses of reverse proxies whose X-Forwarded-For is believed', {
    placeholder: 'ADDRESS,…',
  }),
  maxTunnels: flag.integer('Tunnels at once (2000)', { min: 1, placeholder: 'N' }),
  streams: flag.integer('Requests at once in a tunnel (128)', { min: 1, placeholder: 'N' }),
  rate: flag.integer('Requests a second in a tunnel (200)', { min: 1, placeholder: 'N' }),
  visitorRate: flag.integer('Requests a second from one address (100)', {
    min: 1,
    placeholder: 'N',
  }),
  megabytes: flag.integer('Megabytes a second in a tunnel (32)', { min: 1, placeholder: 'N' }),
  idle: flag.text('How long nothing may move in a request and its answer (1h)', {
    placeholder: 'TIME',
  }),
  hold: flag.text('How long a name waits for its agent (24h)', { placeholder: 'TIME' }),
};

type Flags = FlagValues<typeof FLAGS>;

export const relayCommand = command({
  brief: 'Run a relay of your own: one TLS port, through which shares are reached',
  details:
    'Without --tls-cert it makes a self-signed certificate once and prints its pin; without --token-file it makes a first token and shows it once. SIGTERM lets what is under way finish.',
  flags: FLAGS,
  async run(ctx, flags) {
    const { startRelayService } = await import('../../share/index.ts');
    const publicUrl = publicUrlOf(flags);
    const ended = untilTerminated();
    const relay = await startRelayService(ctx, {
      host: flags.host ?? '::',
      port: flags.port ?? 8443,
      limits: limitsOf(flags),
      onEvent: (event) => ctx.emit(eventData(event), eventText(event)),
      ...defined({
        tlsCert: flags.tlsCert,
        tlsKey: flags.tlsKey,
        tokenFile: flags.tokenFile,
        trustedProxies: flags.trustProxy,
        publicUrl,
      }),
    });
    try {
      const { port, pin, selfSigned, certificateFile, tokenFile, created } = relay;
      ctx.emit(
        { event: 'ready', port, pin, selfSigned, certificateFile, tokenFile, publicUrl, created },
        readyText(relay, publicUrl),
      );
      await ended.signal;
    } finally {
      await relay.close();
      ended.stop();
    }
  },
});

function publicUrlOf({ publicUrl, domain, port = 8443 }: Flags): string | undefined {
  if (publicUrl !== undefined && domain !== undefined)
    throw new McpmError('USAGE', '--domain and --public-url cannot be used together', {
      hint: '--domain D is --public-url https://*.D with the port.',
    });
  if (domain !== undefined) {
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain))
      throw new McpmError('INVALID_INPUT', `${JSON.stringify(domain)} is not a domain`, {
        hint: 'Name it without scheme, port or star: --domain relay.example.com',
      });
    return `https://*.${domain.toLowerCase()}${port === 443 ? '' : `:${port}`}`;
  }
  if (publicUrl === undefined || /^https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?\/?$/i.test(publicUrl))
    return publicUrl?.replace(/\/$/, '');
  throw new McpmError(
    'INVALID_INPUT',
    `${JSON.stringify(publicUrl)} is not https://HOST or https://*.HOST`,
  );
}

function limitsOf({ maxTunnels, streams, rate, visitorRate, megabytes, idle, hold }: Flags) {
  return defined({
    tunnels: maxTunnels,
    streams,
    requestsPerSecond: rate,
    visitorRequestsPerSecond: visitorRate,
    bytesPerSecond: megabytes === undefined ? undefined : megabytes * 1_000_000,
    idleMs: idle === undefined ? undefined : parseDuration(idle),
    holdMs: hold === undefined ? undefined : parseDuration(hold),
  });
}

function readyText(
  { port, pin, selfSigned, created, tokenFile }: RelayService,
  url?: string,
): string {
  const [owner] = created;
  const tokens = created.map(({ name, token }) => `  Token ${name}, shown this once: ${token}`);
  const settings = [
    `  mcpm config set --key relay_address --value HOST:${port}`,
    ...(selfSigned ? [`  mcpm config set --key relay_pin --value ${pin}`] : []),
    `  mcpm config set --key relay_token --value ${owner?.token ?? 'TOKEN'}`,
    '  mcpm share NAME',
  ];
  return [
    `Relay on port ${port}${url === undefined ? '' : `, visitors at ${url}`}`,
    `  Tokens: ${tokenFile}`,
    ...tokens,
    `On the machine that shares (HOST is the name or address of this one):`,
    ...settings,
  ].join('\n');
}

function eventData({ type, ...rest }: RelayEvent) {
  return { event: type, ...rest };
}

function eventText(event: RelayEvent): string {
  if (event.type === 'refused') return `refused ${event.address}: ${event.reason}`;
  return `${event.type} ${event.id} (${event.token}) from ${event.address}`;
}
