/** What signing in at a remote server's authorization server is made of. */

/** The `oauth` member of a remote server's configuration; every field may be left out. */
export interface OAuthSettings {
  /** A client registered beforehand. */
  readonly client_id?: string;
  /** Its secret; may be a `${secret:NAME}` reference. */
  readonly client_secret?: string;
  /** The issuer that the client is registered with; no other gets its secret. */
  readonly issuer?: string;
  /** An HTTPS URL with this client's metadata document, used as its id where the authorization server allows. */
  readonly client_metadata_url?: string;
  /** Scopes to ask for when the server names none. */
  readonly scope?: string;
  /** The port of the loopback redirect, where the registration fixes one. */
  readonly redirect_port?: number;
}

/** Tokens for one server, as one authorization server issued them. */
export interface Grant {
  readonly issuer: string;
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string | undefined;
  /** What was granted, or asked for when the answer did not say. */
  readonly scope?: string | undefined;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expires_at?: number;
}

/** This program as one authorization server knows it. */
export interface StoredClient {
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret?: string | undefined;
  readonly redirect_uris?: readonly string[];
}

/** How the person gets to the authorization server's page and back. */
export interface SignIn {
  /** Show the page. */
  open(url: URL): Promise<void>;
  /**
   * What the person pasted: the address their browser ended at, or the bare code. Never resolves where nothing can be pasted;
   * the redirect to this machine is waited for as well, and the signal says that it came.
   */
  pasted?(signal: AbortSignal): Promise<string>;
}
