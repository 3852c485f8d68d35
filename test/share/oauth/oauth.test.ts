import { describe, expect, it, onTestFinished } from 'vitest';
import type { PendingConsent } from '../../../src/share/oauth/consent.ts';
import { openOwnerPage } from '../../../src/share/oauth/owner-page.ts';
import { listTokens, revokeTokens } from '../../../src/share/protection/token-store.ts';
import { authorize, CALLBACK, enter, makeShare, PUBLIC, redeem, wish } from './world.ts';

describe('a share with OAuth', () => {
  it('leads a client from its 401 to both metadata documents', async () => {
    const share = await makeShare();
    const refused = await share.ask('/mcp', { method: 'POST' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain(
      'resource_metadata="https://abc.relay.test/.well-known/oauth-protected-resource/t/x/mcp"',
    );
    const resource = await (await share.ask('/.well-known/oauth-protected-resource/mcp')).json();
    expect(resource).toMatchObject({ resource: `${PUBLIC}/mcp`, authorization_servers: [PUBLIC] });
    const server = await (await share.ask('/.well-known/oauth-authorization-server')).json();
    expect(server).toMatchObject({
      issuer: PUBLIC,
      authorization_endpoint: `${PUBLIC}/oauth/authorize`,
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
    });
  });

  it('lets a client in that its owner agreed to, within the scope of the share', async () => {
    const asked: PendingConsent[] = [];
    const share = await makeShare((pending) => asked.push(pending) > 0);
    const back = await authorize(share);
    expect(asked[0]?.client.name).toBe('Claude[2J');
    expect(asked[0]?.code).toMatch(/^[A-Z]{3}-[A-Z]{3}$/);
    expect(back.origin + back.pathname).toBe(CALLBACK);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: 's1', iss: PUBLIC });
    const { status, body } = await redeem(share, { code: back.searchParams.get('code') ?? '' });
    expect([status, body['token_type'], body['expires_in']]).toEqual([200, 'Bearer', 3600]);
    const inside = await enter(share, body['access_token']);
    expect(await inside.json()).toMatchObject({ scope: { readOnly: true } });
    const kept = share.home.read('.mcpm/shares/tokens.json');
    expect(kept).not.toContain(body['access_token']);
    expect(kept).not.toContain(body['refresh_token']?.split('.')[1]);
  });

  it('renews a token, ends the old one, and ends both when a used one comes again', async () => {
    const share = await makeShare();
    const code = (await authorize(share)).searchParams.get('code') ?? '';
    const first = (await redeem(share, { code })).body;
    share.pass(3_600_000);
    expect((await enter(share, first['access_token'])).status).toBe(401);
    const renew = (token = '') =>
      redeem(share, { grant_type: 'refresh_token', refresh_token: token });
    const second = await renew(first['refresh_token']);
    expect((await enter(share, second.body['access_token'])).status).toBe(200);
    expect((await renew(first['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await enter(share, second.body['access_token'])).status).toBe(401);
    expect((await renew(second.body['refresh_token'])).body['error']).toBe('invalid_grant');
  });

  it('ends with `share revoke`, refresh token and all', async () => {
    const share = await makeShare();
    const code = (await authorize(share)).searchParams.get('code') ?? '';
    const { body } = await redeem(share, { code });
    const [token] = await listTokens(share.home.ctx);
    expect(token?.name).toBe('oauth: Claude[2J');
    await revokeTokens(share.home.ctx, token?.id ?? '');
    expect((await enter(share, body['access_token'])).status).toBe(401);
    const again = await redeem(share, {
      grant_type: 'refresh_token',
      refresh_token: body['refresh_token'] ?? '',
    });
    expect(again.body['error']).toBe('invalid_grant');
  });

  it('takes a client that registers, and any port of its loopback address', async () => {
    const share = await makeShare();
    const response = await share.ask('/oauth/register', {
      method: 'POST',
      body: JSON.stringify({ client_name: 'Inspector', redirect_uris: ['http://127.0.0.1:1/cb'] }),
    });
    expect(response.status).toBe(201);
    const { client_id: id } = (await response.json()) as { client_id: string };
    const redirect_uri = 'http://127.0.0.1:50123/cb';
    const back = await authorize(share, wish({ client_id: id, redirect_uri }));
    const { status } = await redeem(share, {
      client_id: id,
      redirect_uri,
      code: back.searchParams.get('code') ?? '',
    });
    expect(status).toBe(200);
  });

  it('shows the waiting page until the owner answers, and says no when the owner does', async () => {
    const share = await makeShare(() => undefined);
    const start = await share.ask(`/oauth/authorize?${wish()}`);
    const wait = (start.headers.get('location') ?? '').slice(PUBLIC.length);
    const page = await share.ask(wait);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain(share.desk.pending()[0]?.code);
    const owner = await openOwnerPage(share.desk);
    onTestFinished(() => owner.close());
    const shown = await (await fetch(owner.url)).text();
    expect(shown).toContain('client.test');
    const id = /name="id" value="([0-9a-f]+)"/.exec(shown)?.[1] ?? '';
    await fetch(owner.url, { method: 'POST', body: new URLSearchParams({ id, answer: 'deny' }) });
    const back = await share.ask(wait);
    expect(new URL(back.headers.get('location') ?? '').searchParams.get('error')).toBe(
      'access_denied',
    );
  });
});
