/** Sharing until a signal ends it: what `share` and `profile share` have in common. */
import type { Server } from '../config/types.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { defined } from '../platform/defined.ts';
import { readText } from '../platform/files.ts';
import { untilTerminated } from '../platform/signals.ts';
import type {
  ConsentDesk,
  OwnerPage,
  PendingConsent,
  Share,
  ShareEvent,
  ShareTarget,
} from '../share/index.ts';
import { type CommandContext, confirm } from './command.ts';
import { parseDuration } from './duration.ts';
import { type FlagValues, flag } from './flags.ts';
import { liveLine } from './render/live-line.ts';
import { createUi } from './render/ui.ts';

/** How to share. */
export const SHARE_FLAGS = {
  provider: flag.text(
    'The tunnel: relay, ssh, frp, cloudflared, ngrok, tailscale, command, local',
    {
      placeholder: 'NAME',
    },
  ),
  address: flag.text('The endpoint of relay, ssh or frp', { placeholder: 'HOST:PORT' }),
  subdomain: flag.text('A name to be known by, where the tunnel allows it', {
    placeholder: 'NAME',
  }),
  localOnly: flag.boolean('No tunnel: on this machine alone'),
  port: flag.integer('Port on this machine (6276, or the next free one of ten)', {
    alias: 'p',
    max: 65_535,
    placeholder: 'PORT',
  }),
  host: flag.text('Address on this machine to listen on (127.0.0.1)', { placeholder: 'HOST' }),
  http: flag.boolean('No TLS between here and the endpoint of frp'),
  sse: flag.boolean('Serve HTTP+SSE at /sse instead, for clients that know nothing newer'),
  tlsCert: flag.text('Serve TLS on this machine: certificate chain (PEM)', { placeholder: 'FILE' }),
  tlsKey: flag.text('… and its key (PEM)', { placeholder: 'FILE' }),
  auth: flag.boolean(
    'Ask for a token; --no-auth lets everyone in who knows the URL, and asks first',
    {
      default: true,
    },
  ),
  tokenName: flag.text('A token that outlives this share, made at its first use', {
    placeholder: 'NAME',
  }),
  expires: flag.text('When a new token ends: 30m, 2h, 7d', { placeholder: 'TIME' }),
  readOnly: flag.boolean('Only tools that say they only read, resources and prompts'),
  tools: flag.list('Only tools whose names match one of these globs', { placeholder: 'GLOB,…' }),
  servers: flag.list('Only these servers of the profile'),
  oauth: flag.boolean('Also let clients ask you by OAuth 2.1'),
  rate: flag.integer('Requests a second from one address (50)', { min: 1, placeholder: 'N' }),
  retry: flag.integer('How many more times to try opening the tunnel (0)', { placeholder: 'N' }),
  timeout: flag.integer('Seconds that one try may take (30)', { min: 1, placeholder: 'SECONDS' }),
};

type Flags = FlagValues<typeof SHARE_FLAGS>;

/**
 * Share until a signal comes, the token expires or the tunnel is lost for good.
 * @throws McpmError of the engine, the tunnel, the token; `CANCELLED` when `--no-auth` was not confirmed.
 */
export async function share(
  ctx: CommandContext,
  target: ShareTarget,
  servers: readonly Server[],
  flags: Flags,
): Promise<void> {
  check(flags);
  if (!flags.auth) await confirmOpen(ctx, target);
  const options = await optionsOf(flags);
  const [sharing, panel] = await Promise.all([
    import('../share/index.ts'),
    import('./share-panel.ts'),
  ]);
  const ended = untilTerminated();
  const owner = flags.oauth ? await openDesk(ctx) : undefined;
  const live = liveLine(ctx);
  let running: Share | undefined;
  const onEvent = (event: ShareEvent) => {
    if (event.type === 'activity') {
      const share = running;
      if (share) live.update(() => panel.countersText(share));
      return;
    }
    live.clear();
    ctx.emit(eventData(event), eventText(event));
  };
  try {
    const starting = sharing.startShare(ctx, {
      ...options,
      target,
      servers: narrow(servers, flags.servers),
      onEvent,
      ...(owner && { desk: owner.desk }),
    });
    const first = await Promise.race([starting, ended.signal]);
    if (typeof first === 'string') {
      void starting.then((late) => late.close()).catch(() => {});
      return;
    }
    running = first;
    const about = { share: first, target, flags, consentUrl: owner?.page.url };
    ctx.emit(await panel.panelData(about), await panel.panelText(about, uiOf(ctx)));
    const reason = await Promise.race([ended.signal, first.ended]);
    live.clear();
    ctx.emit({ event: 'ended', reason }, `Ended: ${reason}.`);
  } finally {
    live.clear();
    owner?.page.close();
    await running?.close();
    ended.stop();
  }
}

/** Flags that say something about a token. */
const OF_TOKENS = {
  tokenName: '--token-name',
  expires: '--expires',
  readOnly: '--read-only',
  tools: '--tools',
  oauth: '--oauth',
} as const satisfies Partial<Record<keyof Flags, string>>;

function check(flags: Flags): void {
  const given = Object.entries(OF_TOKENS).filter(([name]) => {
    const value = flags[name as keyof typeof OF_TOKENS];
    return value !== undefined && value !== false;
  });
  if (!flags.auth && given.length > 0)
    throw new McpmError(
      'USAGE',
      `--no-auth cannot be used with ${given.map(([, flag]) => flag).join(', ')}`,
    );
  if (flags.localOnly && flags.provider !== undefined && flags.provider !== 'local')
    throw new McpmError('USAGE', '--local-only and --provider cannot be used together');
  if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
    throw new McpmError('USAGE', '--tls-cert and --tls-key belong together');
}

async function confirmOpen(ctx: CommandContext, { name }: ShareTarget): Promise<void> {
  await confirm(
    ctx,
    `Anyone who learns the URL can use ${name} as you do. Share it without a token?`,
  );
  ctx.log.warn(`${name} is shared without protection.`);
}

async function optionsOf(flags: Flags) {
  const { readOnly, tools, servers, timeout = 30, retry = 0 } = flags;
  const { address, subdomain, host, port, tokenName, expires, rate } = flags;
  return {
    transport: flags.sse ? ('sse' as const) : ('http' as const),
    scope: defined({ readOnly: readOnly || undefined, tools, servers }),
    open: !flags.auth,
    plain: flags.http,
    retry,
    timeoutMs: timeout * 1_000,
    ...defined({
      provider: flags.localOnly ? 'local' : flags.provider,
      lifetimeMs: expires === undefined ? undefined : parseDuration(expires),
      tls: await tlsOf(flags),
    }),
    ...defined({ address, subdomain, host, port, tokenName, requestsPerSecond: rate }),
  };
}

async function tlsOf({ tlsCert, tlsKey }: Flags) {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: await need(tlsCert), key: await need(tlsKey) };
}

async function need(file: string): Promise<string> {
  const text = await readText(file);
  if (text === undefined) throw new McpmError('NOT_FOUND', `There is no ${file}`);
  return text;
}

/** What is not shared is not even started. */
function narrow(servers: readonly Server[], wanted: readonly string[] | undefined) {
  if (wanted === undefined) return servers;
  const unknown = wanted.filter((name) => !servers.some((server) => server.name === name));
  if (unknown.length > 0 || wanted.length === 0)
    throw new McpmError(
      'NOT_FOUND',
      `Not among the servers: ${unknown.join(', ') || '(none named)'}`,
      {
        hint: `There are: ${servers.map(({ name }) => name).join(', ')}`,
      },
    );
  return servers.filter(({ name }) => wanted.includes(name));
}

/** Consent, asked at the terminal when someone is there, and on a page for the owner's browser in any case. */
async function openDesk(ctx: CommandContext): Promise<{ desk: ConsentDesk; page: OwnerPage }> {
  const { createConsentDesk, openOwnerPage } = await import('../share/index.ts');
  const desk = createConsentDesk((pending) => void ask(ctx, desk, pending));
  return { desk, page: await openOwnerPage(desk) };
}

async function ask(ctx: CommandContext, desk: ConsentDesk, pending: PendingConsent): Promise<void> {
  const { client, redirectUri, address, code } = pending;
  const to = new URL(redirectUri).host || redirectUri;
  const message = `${client.name} (goes back to ${to}, asked from ${address}) shows ${code}. Let it in?`;
  ctx.emit(
    { event: 'consent', client: client.name, redirect: redirectUri, address, code },
    message,
  );
  if (!ctx.prompts) return;
  const allowed = await ctx.prompts.confirm({ message, initial: false }).catch(() => false);
  desk.answer(pending.id, allowed);
}

function eventData({ type, ...rest }: Exclude<ShareEvent, { type: 'activity' }>) {
  return { event: type, ...rest };
}

function eventText(event: Exclude<ShareEvent, { type: 'activity' }>): string {
  if (event.type === 'disconnected') return `The tunnel is gone: ${event.reason}. Trying again …`;
  if (event.type === 'retry') return `${event.reason}. Trying again …`;
  return `The tunnel is back: ${event.url}`;
}

function uiOf(ctx: Context) {
  return createUi({ color: ctx.terminal.color, width: ctx.terminal.width });
}
