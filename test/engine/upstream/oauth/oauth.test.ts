import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHttpUpstream } from '../../../../src/engine/upstream/http/http.ts';
import { createRemoteUpstream } from '../../../../src/engine/upstream/http/remote.ts';
import { createAuthorizer } from '../../../../src/engine/upstream/oauth/oauth.ts';
import type { SignIn } from '../../../../src/engine/upstream/oauth/types.ts';
import {
  browse,
  startAuthorizationServer,
  startProtected,
} from '../../../helpers/authorization-server.ts';
import { makeHome } from '../../../helpers/home.ts';
import { drive, LIMITS } from '../../../helpers/upstream.ts';
import { home, remote } from './world.ts';

describe('a server that wants a sign-in', () => {
  test('gets one at its first refusal: discovery, registration, PKCE, and the call goes through', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const far = await remote(home(), url);
    expect((await far.ask('tools/list')).result).toEqual({ granted: 'read' });
    expect(as.count).toEqual({ register: 1, authorize: 1, token: 1, refresh: 0 });
  });

  test('is signed in to once, by whoever comes first, and for later runs', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const here = home();
    const [one, two] = await Promise.all([remote(here, url), remote(here, url)]);
    await Promise.all([one.ask('a'), one.ask('b'), two.ask('c'), two.ask('d')]);
    const later = await remote(here, url);
    expect((await later.ask('e')).result).toEqual({ granted: 'read' });
    expect(as.count).toMatchObject({ register: 1, authorize: 1, token: 1 });
  });

  test('leaves no token readable on disk', async () => {
    const as = await startAuthorizationServer();
    const { url, received } = await startProtected(() => as);
    const here = home();
    await (await remote(here, url)).ask('tools/list');
    const token = received.at(-1)?.headers.authorization?.slice('Bearer '.length) ?? '';
    expect(token).toMatch(/^at-/);
    const folder = here.ctx.paths.secretsDir;
    const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
    for (const name of files) {
      expect(readFileSync(join(folder, name), 'utf8')).not.toContain(token);
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
    expect(here.stderr()).not.toContain(token);
  });

  test('is refused with the command to type where nobody can sign in', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    const here = home();
    const server = { name: 'far', profile_tags: [], url, headers: {} };
    const options = { ctx: here.ctx, server, limits: LIMITS, headers: async () => ({}) };
    const far = await drive(
      createHttpUpstream({ ...options, authorizer: () => createAuthorizer(here.ctx, server) }),
    );
    const { error } = await far.ask('tools/list');
    expect(error?.message).toBe('far wants you to sign in (mcpm login far)');
    expect(error?.data).toEqual({ server: 'far', code: 'AUTH', hint: 'mcpm login far' });
    expect(as.count.authorize).toBe(0);
  });

  test.each(['file:///etc/passwd', 'ms-settings:x'])('opens no %s', async (signInPage) => {
    const as = await startAuthorizationServer({ signInPage });
    const { url } = await startProtected(() => as);
    const opened: string[] = [];
    const signIn: SignIn = { open: async (page) => void opened.push(page.href) };
    const { error } = await (await remote(home(), url, { signIn })).ask('tools/list');
    expect(error?.message).toContain('Cannot sign in to far');
    expect(opened).toEqual([]);
  });

  test('is not signed in to when the person refuses', async () => {
    const as = await startAuthorizationServer({ refuse: true });
    const { url } = await startProtected(() => as);
    const { error } = await (await remote(home(), url)).ask('tools/list');
    expect(error?.message).toContain('the authorization server refused');
  });
});

test('a server with credentials among its headers is sent those, resolved, and never signed in to', async () => {
  const as = await startAuthorizationServer();
  const { url, received } = await startProtected(() => as);
  const here = makeHome({ env: { TOKEN: 'from the environment' } });
  const headers = { Authorization: 'Bearer ${TOKEN}' };
  const server = { name: 'far', profile_tags: [], url, headers };
  const far = await drive(createRemoteUpstream(here.ctx, server, LIMITS));
  const { error } = await far.ask('tools/list');
  expect(error).toMatchObject({ message: 'far: HTTP 401 Unauthorized', data: { status: 401 } });
  expect(received.map(({ headers: sent }) => sent.authorization)).toEqual([
    'Bearer from the environment',
  ]);
  expect(as.count.authorize).toBe(0);
});

describe('the redirect', () => {
  test('with a wrong state is refused and waited past', async () => {
    const as = await startAuthorizationServer();
    const { url } = await startProtected(() => as);
    let said = '';
    const signIn: SignIn = {
      open: async (page) => {
        const forged = new URL(page.searchParams.get('redirect_uri') ?? '');
        forged.search = '?code=evil&state=guess';
        said = await browse(forged);
        void browse(page);
      },
    };
    const far = await remote(home(), url, { signIn });
    expect((await far.ask('tools/list')).result).toEqual({ granted: 'read' });
    expect(said).toContain('not the sign-in that was started');
  });

  test('from another issuer than the one asked is not followed to the token endpoint', async () => {
    const as = await startAuthorizationServer({ lieAboutIssuer: 'https://evil.example' });
    const { url } = await startProtected(() => as);
    expect((await (await remote(home(), url)).ask('tools/list')).error?.message).toContain(
      'Cannot sign in',
    );
    expect(as.count.token).toBe(0);
  });

  test.each(['address', 'code'])(
    'can be pasted as %s where no browser reaches this machine',
    async (form) => {
      const as = await startAuthorizationServer();
      const { url } = await startProtected(() => as);
      let shown: (page: URL) => void = () => {};
      const page = new Promise<URL>((resolve) => {
        shown = resolve;
      });
      const signIn: SignIn = {
        open: async (address) => shown(address),
        pasted: async () => {
          const response = await fetch(await page, { redirect: 'manual' });
          const address = response.headers.get('location') ?? '';
          return form === 'address'
            ? `${address}\n`
            : (new URL(address).searchParams.get('code') ?? '');
        },
      };
      // A bare code carries no issuer, which this server promises to send: it is refused.
      const { result, error } = await (await remote(home(), url, { signIn })).ask('tools/list');
      if (form === 'address') expect(result).toEqual({ granted: 'read' });
      else expect(error?.message).toContain('Cannot sign in');
    },
  );
});

describe('the client', () => {
  test('is its metadata document where the authorization server takes those', async () => {
    const as = await startAuthorizationServer({ metadataDocuments: true });
    const { url } = await startProtected(() => as);
    const client_metadata_url = 'https://mcpm.example/client.json';
    const far = await remote(home(), url, { oauth: { client_metadata_url } });
    expect((await far.ask('a')).result).toEqual({ granted: 'read' });
    expect(as.clientsSeen).toEqual([client_metadata_url]);
    expect(as.count.register).toBe(0);
  });

  test('may be registered beforehand, with a secret', async () => {
    const as = await startAuthorizationServer({
      registration: false,
      authMethods: ['client_secret_basic'],
      clients: { known: 's3cret' },
    });
    const { url } = await startProtected(() => as);
    const oauth = { client_id: 'known', client_secret: 's3cret' };
    expect((await (await remote(home(), url, { oauth })).ask('a')).result).toEqual({
      granted: 'read',
    });
  });

  test('with a secret for one issuer does not show it to another', async () => {
    const as = await startAuthorizationServer({
      registration: false,
      clients: { known: 's3cret' },
    });
    const { url } = await startProtected(() => as);
    const oauth = { client_id: 'known', client_secret: 's3cret', issuer: 'https://other.example' };
    expect((await (await remote(home(), url, { oauth })).ask('a')).error?.message).toContain(
      'Cannot sign in',
    );
    expect(as.count).toMatchObject({ authorize: 0, token: 0 });
  });

  test('registers anew when the server moves to another issuer, and shows it nothing of the first', async () => {
    const first = await startAuthorizationServer();
    const second = await startAuthorizationServer();
    let current = first;
    const { url } = await startProtected(() => current);
    const far = await remote(home(), url);
    await far.ask('a');
    current = second;
    expect((await far.ask('b')).result).toEqual({ granted: 'read' });
    expect(second.count).toEqual({ register: 1, authorize: 1, token: 1, refresh: 0 });
    expect(second.clientsSeen).not.toContain(first.clientsSeen[0]);
  });
});
