/** The ways to the outside. */
import { McpmError } from '../../errors.ts';
import type { ShareSettings } from '../settings.ts';
import { cloudflared } from './cloudflared.ts';
import { command } from './command.ts';
import { frp } from './frp.ts';
import { local } from './local.ts';
import { ngrok } from './ngrok.ts';
import { relay } from './relay.ts';
import { ssh } from './ssh.ts';
import { tailscale } from './tailscale.ts';
import type { ProviderId, TunnelProvider } from './types.ts';

/** Every provider, in the order in which a configured one becomes the default. */
export const PROVIDERS = {
  relay,
  ssh,
  frp,
  cloudflared,
  ngrok,
  tailscale,
  command,
  local,
} satisfies Record<ProviderId, TunnelProvider>;

/**
 * The provider that was asked for, else the one that `share_provider` names, else the first that is configured.
 * @throws McpmError `NOT_FOUND` for a name that is none, `USAGE` when nothing is configured.
 */
export function chooseProvider(
  wanted: string | undefined,
  settings: ShareSettings,
): TunnelProvider {
  const name = wanted ?? settings.share_provider;
  if (name !== undefined) {
    if (Object.hasOwn(PROVIDERS, name)) return PROVIDERS[name as ProviderId];
    throw new McpmError('NOT_FOUND', `There is no tunnel provider ${JSON.stringify(name)}`, {
      hint: `There are: ${Object.keys(PROVIDERS).join(', ')}`,
    });
  }
  const configured = Object.values(PROVIDERS).find((provider) => provider.configured(settings));
  if (configured) return configured;
  throw new McpmError('USAGE', 'No tunnel is configured', {
    hint: 'Run a relay of your own (`mcpm relay`, docs/relay.md) and set relay_address; or name a provider with --provider; or share on this machine alone with --local-only.',
  });
}

/**
 * Flags that a tunnel would not heed are refused rather than forgotten.
 * @throws McpmError `USAGE`.
 */
export function checkTakes(
  provider: TunnelProvider,
  given: Readonly<Partial<Record<TunnelProvider['takes'][number], unknown>>>,
): void {
  const lost = (['address', 'subdomain', 'http'] as const).filter(
    (flag) => given[flag] !== undefined && given[flag] !== false && !provider.takes.includes(flag),
  );
  const [flag] = lost;
  if (flag === undefined) return;
  const takers = Object.values(PROVIDERS).filter(({ takes }) => takes.some((one) => one === flag));
  throw new McpmError('USAGE', `${provider.id} takes no --${flag}`, {
    hint: `These do: ${takers.map(({ id }) => id).join(', ')}`,
  });
}
