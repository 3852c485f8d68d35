/** A machine, and a remote server that it signs in to. */
import { createHttpUpstream } from '../../../../src/engine/upstream/http/http.ts';
import { createAuthorizer } from '../../../../src/engine/upstream/oauth/oauth.ts';
import type { OAuthSettings, SignIn } from '../../../../src/engine/upstream/oauth/types.ts';
import { browse } from '../../../helpers/authorization-server.ts';
import { makeHome } from '../../../helpers/home.ts';
import { drive, LIMITS } from '../../../helpers/upstream.ts';

const person: SignIn = { open: async (url) => void browse(url) };

/** A machine without a keychain. */
export const home = () => makeHome({ env: { MCPM_SECRETS_BACKEND: 'file' } });

/** A server at `url`; a person with a browser signs in unless told otherwise. */
export const remote = async (
  { ctx }: ReturnType<typeof home>,
  url: string,
  options: { oauth?: OAuthSettings; signIn?: SignIn | undefined } = {},
) => {
  const { oauth = {}, signIn } = { signIn: person, ...options };
  const server = { name: 'far', profile_tags: [], url, headers: {}, oauth };
  return drive(
    createHttpUpstream({
      ctx,
      server,
      limits: LIMITS,
      headers: async () => ({}),
      authorizer: () => createAuthorizer(ctx, server, signIn),
    }),
  );
};
