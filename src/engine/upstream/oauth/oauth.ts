/** Signing in at remote servers. */
import type { RemoteServer } from '../../../config/types.ts';
import type { Context } from '../../../context.ts';
import { resolveReferences } from '../../../secrets/index.ts';
import { isObject } from '../../json-rpc.ts';
import { OAuthAuthorizer } from './authorizer.ts';
import type { OAuthSettings, SignIn } from './types.ts';
import { Vault } from './vault.ts';

export { print, signInFromHere } from './sign-in.ts';

/**
 * The authorizer of a remote server, by the `oauth` member of its configuration.
 * @param signIn how a person signs in; absent where nobody can.
 */
export async function createAuthorizer(
  ctx: Context,
  server: RemoteServer & Readonly<Record<string, unknown>>,
  signIn?: SignIn,
): Promise<OAuthAuthorizer> {
  const configured = (isObject(server.oauth) ? server.oauth : {}) as OAuthSettings;
  const { client_secret: secret } = configured;
  const settings: OAuthSettings = {
    ...(ctx.env.MCPM_OAUTH_CLIENT_METADATA_URL && {
      client_metadata_url: ctx.env.MCPM_OAUTH_CLIENT_METADATA_URL,
    }),
    ...configured,
    ...(secret !== undefined && (await resolveReferences(ctx, { client_secret: secret }))),
  };
  return new OAuthAuthorizer({ ctx, server, settings, signIn });
}

/** Forget the tokens for a remote server; says whether there were any. */
export function signOut(ctx: Context, server: RemoteServer): Promise<boolean> {
  return new Vault(ctx, server.url).forgetGrant();
}
