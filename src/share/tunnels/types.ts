/** What a way to the outside is, seen from a share: the whole contract of `tunnels/`. */
import type { Context } from '../../context.ts';
import type { HttpHandler } from '../../engine/index.ts';
import type { Origin } from '../relay/loopback.ts';
import type { ShareSettings } from '../settings.ts';

/** The ways there are, by name (`--provider`). */
export type ProviderId =
  | 'relay'
  | 'ssh'
  | 'frp'
  | 'cloudflared'
  | 'ngrok'
  | 'tailscale'
  | 'command'
  | 'local';

/** What a share asks of a tunnel. */
export interface TunnelRequest {
  readonly ctx: Context;
  readonly settings: ShareSettings;
  /** The server on this machine that is to be reached. */
  readonly origin: Origin;
  /** Answers for that server, when it is in this process and needs no socket to be reached. */
  readonly handle?: HttpHandler;
  /** `--address`: the endpoint, `HOST:PORT`. */
  readonly address?: string;
  /** `--subdomain`: a name to be known by. */
  readonly subdomain?: string;
  /** The origin speaks TLS itself. */
  readonly tls: boolean;
  /** `--http`: the connection to the endpoint uses no TLS. */
  readonly plain?: boolean;
  /** Ends the attempt and, later, the tunnel. */
  readonly signal: AbortSignal;
  /** Told of changes after the tunnel is open. */
  readonly onEvent: (event: TunnelEvent) => void;
}

/** What may happen to an open tunnel. The URL stays the same unless `reconnected` names another. */
export type TunnelEvent =
  | { readonly type: 'disconnected'; readonly reason: string }
  | { readonly type: 'reconnected'; readonly url: string };

/** How the public address is known to be the right one where no public authority vouches for it. */
export type Trust =
  /** A file of certificate authorities (PEM). */
  | { readonly ca: string }
  /** The pin of its public key (`sha256:…`). */
  | { readonly pin: string };

/** An open tunnel. */
export interface Tunnel {
  /** The public address of the origin's root, without a trailing slash. */
  readonly url: string;
  /** Other addresses of the same root that visitors may use. */
  readonly alsoAt?: readonly string[];
  /** The request field that holds the visitor's address, when this tunnel sets one that visitors cannot. */
  readonly addressHeader?: string;
  /** What visitors need in order to trust the address; absent when they trust it as it is, as far as we know. */
  readonly trust?: Trust;
  /** Resolves when the tunnel was closed; rejects when it is lost for good. */
  readonly closed: Promise<void>;
  /** Close it, within a second or so. */
  close(): Promise<void>;
}

/** One way to the outside. */
export interface TunnelProvider {
  readonly id: ProviderId;
  /** One line for the list. */
  readonly summary: string;
  /** Which of the flags that only some tunnels know it takes. */
  readonly takes: readonly ('address' | 'subdomain' | 'http')[];
  /** Whether its settings are there, so that it may be the default. */
  configured(settings: ShareSettings): boolean;
  /**
   * Open a tunnel to `request.origin`.
   * @throws McpmError `RUNTIME_MISSING` when its program is not there, `TUNNEL` when it does not open.
   */
  open(request: TunnelRequest): Promise<Tunnel>;
}
