/** What a share shows once it works. */
import {
  clientEntries,
  curlCheck,
  describeScope,
  qrCode,
  quickHints,
  type Share,
  type SharedEndpoint,
  type ShareTarget,
  type ShareToken,
} from '../share/index.ts';
import type { Ui } from './render/ui.ts';

/** What the panel is about. */
export interface PanelSubject {
  readonly share: Share;
  readonly target: ShareTarget;
  readonly flags: { readonly sse: boolean };
  readonly consentUrl: string | undefined;
}

/** The object that `--json` prints once the share works. */
export async function panelData(subject: PanelSubject) {
  const { share, target, consentUrl } = subject;
  const endpoint = endpointOf(subject);
  const token = share.token;
  return {
    event: 'ready',
    target,
    provider: share.provider,
    url: endpoint.url,
    transport: endpoint.transport,
    protected: token !== undefined,
    ...(token && {
      token: {
        id: token.entry.id,
        name: token.entry.name,
        ...(token.secret !== undefined && { value: token.secret }),
        ...(token.entry.expires !== undefined && { expires: token.entry.expires }),
        scope: describeScope(token.entry),
      },
    }),
    ...(consentUrl !== undefined && { consentUrl }),
    audit: share.auditFile,
    clients: [...clientEntries(endpoint), ...quickHints(endpoint)],
    check: curlCheck(endpoint),
    caveats: caveats(subject),
  };
}

/** The same for a person. */
export async function panelText(subject: PanelSubject, ui: Ui): Promise<string> {
  const { share, target, consentUrl } = subject;
  const endpoint = endpointOf(subject);
  const { token } = share;
  const secret =
    token?.secret ??
    `shown when it was made; it belongs where ${UNKNOWN} stands below (mcpm share rotate ${token?.entry.id} makes a new one)`;
  const qr = Number.isFinite(ui.width) ? await qrCode(endpoint.url) : '';
  return [
    `${ui.green('Sharing')} ${ui.bold(target.name)} through ${share.provider}`,
    '',
    ui.fields([
      ['  URL', ui.bold(endpoint.url)],
      ['  Token', token ? secret : ui.yellow('none: everyone who knows the URL gets in')],
      ['  Named', token && `${token.entry.name} (${token.entry.id})`],
      ['  Expires', token && expiryText(token.entry)],
      ['  Reaches', token && describeScope(token.entry)],
      ['  Consent', consentUrl],
      ['  Log', share.auditFile],
    ]),
    ...caveats(subject).map((text) => ui.yellow(`  ${text}`)),
    '',
    ui.dim('Add it to a client:'),
    ...quickHints(endpoint).map(({ client, text }) => `  ${client}: ${text}`),
    ui.dim('or in its file:'),
    ...clientEntries(endpoint).map(({ client, text }) => `  ${client}: ${text}`),
    ui.dim('Try it:'),
    `  ${curlCheck(endpoint)}`,
    qr,
    ui.dim('Ctrl+C ends it.'),
  ]
    .filter((line, index, lines) => line !== '' || lines[index - 1] !== '')
    .join('\n');
}

/** The counters of a share, on a line. */
export function countersText({ counters }: Share): string {
  const { requests, refused, active, bytesOut } = counters;
  return `${requests} requests, ${refused} refused, ${active} open, ${kilobytes(bytesOut)} sent`;
}

/** Stands for a token whose text was shown once and is kept nowhere. */
const UNKNOWN = 'YOUR_TOKEN';

function endpointOf({ share, target, flags }: PanelSubject): SharedEndpoint {
  return {
    name: target.name,
    url: share.url(),
    transport: flags.sse ? 'sse' : 'http',
    ...(share.token && { token: share.token.secret ?? UNKNOWN }),
    ...(share.trust && { trust: share.trust }),
  };
}

/** What a visitor has to know that is not in the URL. */
function caveats({ share }: PanelSubject): readonly string[] {
  const { protocol, hostname } = new URL(share.url());
  const readable =
    protocol === 'http:' && !/^(localhost|127\..*|\[::1\]|.*\.localhost)$/.test(hostname);
  return [
    ...(readable
      ? [
          'Without TLS: whoever is on the way can read the token. Add --tls-cert and --tls-key, or a proxy with TLS.',
        ]
      : []),
    ...(share.trust && 'ca' in share.trust
      ? [
          `Clients must trust its authority too; those on Node: NODE_EXTRA_CA_CERTS=${share.trust.ca}`,
        ]
      : []),
    ...(share.trust && 'pin' in share.trust
      ? [
          "Clients must trust the relay's own certificate, ~/.mcpm/relay/cert.pem there; those on Node: NODE_EXTRA_CA_CERTS=cert.pem",
        ]
      : []),
  ];
}

/** When a token ends, in words. */
function expiryText({ expires, run }: ShareToken): string {
  if (expires === undefined) return run ? 'with this share' : 'never';
  return `${expires.slice(0, 16).replace('T', ' ')} UTC${run ? ', or with this share' : ''}`;
}

function kilobytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
