/** Signing in at a remote server by command, ahead of its first use or on a machine without a browser. */
import type { RemoteServer } from '../config/types.ts';
import type { Context } from '../context.ts';

/** How the person signs in. */
export interface SignInOptions {
  /** Show the address instead of opening the browser. */
  readonly showAddress: boolean;
  /**
   * Ask for the address that the browser ended at, which a machine without a browser never sees. The signal takes the question back:
   * the browser came to this machine after all.
   */
  readonly askAddress?: (signal: AbortSignal) => Promise<string>;
  /** Scopes to ask for besides those that the server names, separated by spaces. */
  readonly scope?: string;
}

/** What signing in led to. Never the tokens. */
export interface SignedIn {
  readonly server: string;
  readonly issuer: string;
  readonly scope: string | null;
  /** When the access token ends; it is refreshed by itself where the server allows. */
  readonly expires: string | null;
  readonly refreshable: boolean;
}

type Remote = RemoteServer & Readonly<Record<string, unknown>>;

/**
 * Sign in to a remote server and keep the tokens in the store of secrets. What was stored for it is replaced.
 * @throws McpmError AUTH when it does not succeed, NETWORK when the server cannot be reached.
 */
export async function signIn(
  ctx: Context,
  server: Remote,
  { showAddress, askAddress, scope }: SignInOptions,
): Promise<SignedIn> {
  const { createAuthorizer, print, signInFromHere } = await import('./upstream/oauth/oauth.ts');
  const shown = { open: async (url: URL) => print(ctx, server.name, url) };
  const here = showAddress ? shown : (signInFromHere(ctx, server.name) ?? shown);
  const authorizer = await createAuthorizer(ctx, server, {
    ...here,
    ...(askAddress && { pasted: askAddress }),
  });
  const grant = await authorizer.signIn(scope);
  return {
    server: server.name,
    issuer: grant.issuer,
    scope: grant.scope ?? null,
    expires: grant.expires_at === undefined ? null : new Date(grant.expires_at).toISOString(),
    refreshable: grant.refresh_token !== undefined,
  };
}

/** Forget the tokens of a remote server; says whether there were any. */
export async function signOut(ctx: Context, server: Remote): Promise<boolean> {
  const { signOut: forget } = await import('./upstream/oauth/oauth.ts');
  return forget(ctx, server);
}
