/** This program as an OAuth client, in the shape the SDK's flow asks for. One object serves one attempt. */
import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { Grant, OAuthSettings, StoredClient } from './types.ts';
import type { Vault } from './vault.ts';

/** What one attempt is made with. */
export interface Attempt {
  readonly vault: Vault;
  readonly settings: OAuthSettings;
  readonly now: () => Date;
  /** Where the browser comes back to. Absent in an attempt that may not show anything: it refreshes, or fails. */
  readonly redirect?: { readonly url: string; readonly state: string };
  /** Show the authorization server's page. */
  readonly show?: (url: URL) => Promise<void>;
}

/** An attempt without a person came to where one is needed. */
export class PersonNeeded extends Error {}

/** The redirect URI of an attempt that never redirects; the SDK wants one. */
const NOWHERE = 'http://127.0.0.1/callback';

/** The client of one attempt. Discovery is remembered for its two halves and no longer, so a moved server is noticed. */
export class Provider implements OAuthClientProvider {
  readonly #attempt: Attempt;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;
  #requestedScope: string | undefined;
  readonly clientMetadataUrl?: string;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
    const { client_metadata_url: url } = attempt.settings;
    if (url !== undefined) this.clientMetadataUrl = url;
  }

  get redirectUrl(): string {
    return this.#attempt.redirect?.url ?? NOWHERE;
  }

  get clientMetadata(): OAuthClientMetadata {
    const { scope } = this.#attempt.settings;
    return {
      client_name: 'mcpm',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scope !== undefined && { scope }),
    };
  }

  state(): string {
    return this.#attempt.redirect?.state ?? '';
  }

  async clientInformation(about?: {
    issuer: string;
  }): Promise<StoredOAuthClientInformation | undefined> {
    const issuer = about?.issuer ?? '';
    const { settings, vault, redirect } = this.#attempt;
    if (settings.client_id !== undefined) return registeredBeforehand(settings, issuer);
    const stored = await vault.client(issuer);
    if (stored && (!redirect || this.#fits(stored, redirect.url))) return asInformation(stored);
    if (!redirect) throw new PersonNeeded();
    return undefined;
  }

  /** A registration is good for the redirect URIs it names; a metadata document's id is good for its URL. */
  #fits(client: StoredClient, redirectUrl: string): boolean {
    if (client.redirect_uris) return client.redirect_uris.includes(redirectUrl);
    return client.client_id === this.clientMetadataUrl;
  }

  async saveClientInformation(client: StoredOAuthClientInformation): Promise<void> {
    if (this.#attempt.settings.client_id !== undefined || client.issuer === undefined) return;
    const uris = 'redirect_uris' in client ? client.redirect_uris : undefined;
    await this.#attempt.vault.saveClient({
      ...client,
      issuer: client.issuer,
      ...(client.client_id !== this.clientMetadataUrl && {
        redirect_uris: uris?.map(String) ?? [this.redirectUrl],
      }),
    });
  }

  async tokens(about?: { issuer: string }): Promise<StoredOAuthTokens | undefined> {
    const grant = await this.#attempt.vault.grant();
    if (!grant || (about && grant.issuer !== about.issuer)) return undefined;
    const { expires_at: _, ...tokens } = grant;
    return tokens;
  }

  async saveTokens(tokens: StoredOAuthTokens, about?: { issuer: string }): Promise<void> {
    const { expires_in: seconds, id_token: _, ...kept } = tokens;
    const earlier = await this.#attempt.vault.grant();
    const scope = tokens.scope ?? this.#requestedScope ?? earlier?.scope;
    const grant: Grant = {
      ...kept,
      issuer: tokens.issuer ?? about?.issuer ?? '',
      ...(scope !== undefined && { scope }),
      ...(seconds !== undefined && {
        expires_at: this.#attempt.now().getTime() + Number(seconds) * 1_000,
      }),
    };
    await this.#attempt.vault.saveGrant(grant);
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    if (!this.#attempt.show) throw new PersonNeeded();
    // The address comes from the network and is handed to the system, which opens files and programs as well.
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new Error(`its sign-in page is no web page (${url.protocol})`);
    this.#requestedScope = url.searchParams.get('scope') ?? undefined;
    await this.#attempt.show(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  async invalidateCredentials(
    scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery',
  ): Promise<void> {
    const { vault } = this.#attempt;
    const issuer = this.#discovery?.authorizationServerMetadata?.issuer;
    if (scope === 'all' || scope === 'tokens') await vault.forgetGrant();
    if ((scope === 'all' || scope === 'client') && issuer !== undefined)
      await vault.forgetClient(issuer);
    if (scope === 'all' || scope === 'discovery') this.#discovery = undefined;
  }
}

function registeredBeforehand(
  settings: OAuthSettings,
  issuer: string,
): StoredOAuthClientInformation {
  return {
    client_id: settings.client_id ?? '',
    ...(settings.client_secret !== undefined && { client_secret: settings.client_secret }),
    issuer: settings.issuer ?? issuer,
  };
}

function asInformation(client: StoredClient): StoredOAuthClientInformation {
  return { ...client, redirect_uris: [...(client.redirect_uris ?? [])] };
}
