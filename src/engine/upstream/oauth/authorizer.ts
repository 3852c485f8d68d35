/** Credentials of one remote server by OAuth 2.1 (specification, "Authorization"): kept, refreshed, widened, asked for. */
import { join } from 'node:path';
import type { RemoteServer } from '../../../config/types.ts';
import type { Context } from '../../../context.ts';
import { McpmError, messageOf } from '../../../errors.ts';
import { withLock } from '../../../platform/files.ts';
import { discard } from '../http/body.ts';
import { type Authorizer, networkError } from '../http/channel.ts';
import { PersonNeeded, Provider } from './provider.ts';
import { openRedirect, portOf, type Redirect } from './redirect.ts';
import type { Grant, OAuthSettings, SignIn } from './types.ts';
import { nameOf, Vault } from './vault.ts';

/** An access token is renewed so long before its end, in milliseconds. */
const EARLY = 30_000;

/** A request that every server understands: a server that wants credentials says where to get them. */
const PROBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const PROBE_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** What an authorizer is made with. */
export interface AuthorizerOptions {
  readonly ctx: Context;
  readonly server: RemoteServer;
  readonly settings: OAuthSettings;
  /** How a person signs in; absent where nobody can. */
  readonly signIn?: SignIn | undefined;
}

/** Why new credentials are wanted. */
interface Wish {
  readonly resourceMetadataUrl?: URL;
  readonly scope?: string;
  /** A refresh would not help: more scope is wanted. */
  readonly widen: boolean;
}

/** The authorizer of one server. The SDK's flow is loaded when credentials have to be got, not to use those at hand. */
export class OAuthAuthorizer implements Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #vault: Vault;
  #grant: Grant | undefined;
  #loaded = false;
  #renewing: Promise<boolean> | undefined;
  /** Scopes that were asked for already and not granted: asking again would only bother the person. */
  readonly #refusedScopes = new Set<string>();
  /** A token that came from a refresh: when it is refused as well, a person has to sign in. */
  #refreshed: string | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
    this.#vault = new Vault(options.ctx, options.server.url);
  }

  async authorization(): Promise<string | undefined> {
    if (!this.#loaded) {
      this.#grant = await this.#vault.grant();
      this.#loaded = true;
    }
    if (this.#grant && this.#endsSoon(this.#grant)) await this.#share(() => this.#refreshEarly());
    return this.#grant && bearer(this.#grant);
  }

  async renew(refusal: Response, used: string | undefined): Promise<boolean> {
    if (this.#grant && bearer(this.#grant) !== used) return true;
    return this.#share(() => this.#renewNow(refusal, used));
  }

  /**
   * Sign in, whatever is stored.
   * @param more scopes to ask for besides those that the server names.
   * @throws McpmError AUTH when it does not succeed.
   */
  async signIn(more?: string): Promise<Grant> {
    const { ctx, server } = this.#options;
    const { computeScopeUnion, extractWWWAuthenticateParams } = await import(
      '@modelcontextprotocol/client'
    );
    const refusal = await ctx
      .fetch(server.url, { method: 'POST', headers: PROBE_HEADERS, body: PROBE })
      .catch((error: unknown) => {
        throw networkError(server.url, error);
      });
    const { resourceMetadataUrl, scope: named } = extractWWWAuthenticateParams(refusal);
    await discard(refusal);
    const scope = more === undefined ? named : computeScopeUnion(named, more);
    const wish: Wish = {
      widen: true,
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
      ...(scope !== undefined && { scope }),
    };
    await this.#locked(() => this.#ask(wish));
    if (!this.#grant) throw this.#failed('no token was issued');
    return this.#grant;
  }

  /** One effort at a time: those who come meanwhile share its outcome. */
  #share(work: () => Promise<boolean>): Promise<boolean> {
    this.#renewing ??= work().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  #endsSoon({ expires_at, refresh_token }: Grant): boolean {
    if (expires_at === undefined || refresh_token === undefined) return false;
    return expires_at - EARLY < this.#options.ctx.now().getTime();
  }

  /** Before the server refuses the token. Nothing is lost when it fails: the refusal will come. */
  async #refreshEarly(): Promise<boolean> {
    const used = this.#grant && bearer(this.#grant);
    return this.#locked(async () => {
      if (await this.#renewedElsewhere(used)) return true;
      return this.#refresh({ widen: false });
    }).catch((error: unknown) => {
      this.#options.ctx.log.debug(`${this.#options.server.name}: ${messageOf(error)}`);
      return false;
    });
  }

  async #renewNow(refusal: Response, used: string | undefined): Promise<boolean> {
    const { extractWWWAuthenticateParams, computeScopeUnion, isStrictScopeSuperset } = await import(
      '@modelcontextprotocol/client'
    );
    const { resourceMetadataUrl, scope: challenged } = extractWWWAuthenticateParams(refusal);
    const wish = (scope: string | undefined, widen: boolean): Wish => ({
      widen,
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
      ...(scope !== undefined && { scope }),
    });
    return this.#locked(async () => {
      if (await this.#renewedElsewhere(used)) return true;
      if (refusal.status !== 403) {
        const asked = wish(challenged, false);
        return (used !== this.#refreshed && (await this.#refresh(asked))) || this.#ask(asked);
      }
      const granted = this.#grant?.scope;
      const wanted = computeScopeUnion(granted, challenged);
      if (!wanted || !isStrictScopeSuperset(wanted, granted) || this.#refusedScopes.has(wanted))
        return false;
      this.#refusedScopes.add(wanted);
      return this.#ask(wish(wanted, true));
    });
  }

  /** Another process may have got new credentials while this one waited for the lock. */
  async #renewedElsewhere(used: string | undefined): Promise<boolean> {
    const stored = await this.#vault.grant();
    const newer = stored !== undefined && bearer(stored) !== used;
    if (newer) this.#grant = stored;
    return newer;
  }

  /** Try without a person. */
  async #refresh(wish: Wish): Promise<boolean> {
    if (!this.#grant?.refresh_token) return false;
    try {
      await this.#flow(wish, new Provider(this.#attempt()));
    } catch (error) {
      if (error instanceof PersonNeeded) return false;
      throw this.#failed(messageOf(error), error);
    }
    this.#grant = await this.#vault.grant();
    this.#refreshed = this.#grant && bearer(this.#grant);
    return this.#grant !== undefined;
  }

  /** Ask a person to sign in. */
  async #ask(wish: Wish): Promise<boolean> {
    const { signIn, settings } = this.#options;
    if (!signIn) {
      const { name } = this.#options.server;
      const more = wish.widen && wish.scope !== undefined;
      throw new McpmError('AUTH', `${name} wants ${more ? 'more rights' : 'you to sign in'}`, {
        hint: `mcpm login ${name}${more ? ` --scope ${JSON.stringify(wish.scope)}` : ''}`,
        data: { server: name },
      });
    }
    const known = this.#grant && (await this.#vault.client(this.#grant.issuer));
    const redirect = await openRedirect(
      settings.redirect_port ?? portOf(known?.redirect_uris?.[0]),
    );
    try {
      const provider = new Provider({
        ...this.#attempt(),
        redirect,
        show: (url) => signIn.open(url),
      });
      if ((await this.#flow({ ...wish, widen: true }, provider)) === 'REDIRECT')
        await this.#finish(wish, provider, await comeBack(redirect, signIn));
    } catch (error) {
      throw error instanceof McpmError ? error : this.#failed(messageOf(error), error);
    } finally {
      redirect.close();
    }
    this.#grant = await this.#vault.grant();
    return this.#grant !== undefined;
  }

  /** The second half: check who answers (RFC 9207), then exchange the code. */
  async #finish(wish: Wish, provider: Provider, params: URLSearchParams): Promise<void> {
    const { auth, validateAuthorizationResponseIssuer } = await import(
      '@modelcontextprotocol/client'
    );
    const metadata = provider.discoveryState()?.authorizationServerMetadata;
    const iss = params.get('iss') ?? undefined;
    validateAuthorizationResponseIssuer({
      iss,
      expectedIssuer: metadata?.issuer,
      issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true,
    });
    const authorizationCode = params.get('code');
    if (!authorizationCode) throw this.#failed('the authorization server refused');
    await auth(provider, {
      ...this.#flowOptions(wish),
      authorizationCode,
      ...(iss !== undefined && { iss }),
    });
  }

  async #flow(wish: Wish, provider: Provider): Promise<'AUTHORIZED' | 'REDIRECT'> {
    const { auth } = await import('@modelcontextprotocol/client');
    return auth(provider, { ...this.#flowOptions(wish), forceReauthorization: wish.widen });
  }

  #flowOptions({ resourceMetadataUrl, scope }: Wish) {
    return {
      serverUrl: this.#options.server.url,
      fetchFn: this.#options.ctx.fetch,
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
      ...(scope !== undefined && { scope }),
    };
  }

  #attempt() {
    return { vault: this.#vault, settings: this.#options.settings, now: this.#options.ctx.now };
  }

  /** No two processes renew the credentials of one server at once: refresh tokens are often good for one use. */
  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const { ctx, server } = this.#options;
    const path = join(ctx.paths.secretsDir, `oauth-${nameOf(server.url).replace('/', '-')}`);
    let entered = false;
    for (;;) {
      try {
        return await withLock(path, () => {
          entered = true;
          return work();
        });
      } catch (error) {
        // Somebody may be signing in, which takes minutes.
        if (entered || !(error instanceof McpmError) || error.code !== 'CONFIG_LOCKED') throw error;
      }
    }
  }

  #failed(reason: string, cause?: unknown): McpmError {
    const { name } = this.#options.server;
    const unregistered = /regist/i.test(reason) && this.#options.settings.client_id === undefined;
    return new McpmError('AUTH', `Cannot sign in to ${name}: ${reason}`, {
      hint: unregistered
        ? `Register a client there by hand and put its client_id into "oauth" of ${name} in servers.json.`
        : `mcpm login ${name}`,
      cause,
      data: { server: name },
    });
  }
}

function bearer(grant: Grant): string {
  return `Bearer ${grant.access_token}`;
}

/** Whichever is first: the redirect to this machine, or what the person pastes. */
async function comeBack(redirect: Redirect, signIn: SignIn): Promise<URLSearchParams> {
  const { pasted } = signIn;
  if (!pasted) return redirect.wait();
  const over = new AbortController();
  const typed = pasted.call(signIn, over.signal).then((text) => {
    redirect.paste(text);
    return redirect.wait();
  });
  return Promise.race([redirect.wait(), typed]).finally(() => over.abort());
}
