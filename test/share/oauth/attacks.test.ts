import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openOwnerPage } from '../../../src/share/oauth/owner-page.ts';
import { authorize, CALLBACK, enter, makeShare, redeem, wish } from './world.ts';

describe('an attacker at OAuth', () => {
  it('is sent nowhere that the client does not own', async () => {
    const share = await makeShare();
    for (const redirect_uri of [
      'https://evil.test/callback',
      `${CALLBACK}/x`,
      `${CALLBACK}?x`,
      'http://localhost:9/other',
      '',
    ]) {
      const response = await share.ask(`/oauth/authorize?${wish({ redirect_uri })}`);
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });

  it.each([
    ['without PKCE', { code_challenge: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for another resource', { resource: 'https://other.test/mcp' }, 'invalid_target'],
    ['for a token in the browser', { response_type: 'token' }, 'unsupported_response_type'],
  ])('gets no code %s', async (_case, more, error) => {
    const share = await makeShare();
    expect((await authorize(share, wish(more))).searchParams.get('error')).toBe(error);
  });

  it.each([
    ['a wrong verifier', { code_verifier: randomBytes(32).toString('base64url') }],
    ['another client', { client_id: 'https://client.test/other.json' }],
    ['another redirect', { redirect_uri: 'http://localhost:3000/cb' }],
    ['a made-up code', { code: 'nope' }],
  ])('redeems no code with %s', async (_case, form) => {
    const share = await makeShare();
    const code = (await authorize(share)).searchParams.get('code') ?? '';
    expect((await redeem(share, { code, ...form })).body['error']).toBe('invalid_grant');
  });

  it('redeems a code once, in time; a second try ends what the first one got', async () => {
    const share = await makeShare();
    const code = (await authorize(share)).searchParams.get('code') ?? '';
    const first = await redeem(share, { code });
    expect((await redeem(share, { code })).status).toBe(400);
    await expect
      .poll(async () => (await enter(share, first.body['access_token'])).status)
      .toBe(401);
    const late = (await authorize(share)).searchParams.get('code') ?? '';
    share.pass(60_000);
    expect((await redeem(share, { code: late })).status).toBe(400);
  });

  it("makes the owner's machine fetch nothing inside its network", async () => {
    const fetched: string[] = [];
    const fetch = async (url: unknown) => {
      fetched.push(String(url));
      return Response.json({});
    };
    const share = await makeShare(() => true, {
      fetch: fetch as typeof globalThis.fetch,
      addressesOf: async (host) =>
        host === 'inside.test'
          ? ['10.0.0.5']
          : host === 'six.test'
            ? ['fd00::1']
            : ['93.184.216.34', '127.0.0.1'],
    });
    for (const client_id of [
      'https://inside.test/c.json',
      'https://six.test/c.json',
      'https://mixed.test/c.json',
      'https://127.0.0.1/c.json',
      'https://[::1]/c.json',
      'https://169.254.169.254/latest/meta',
      'http://public.test/c.json',
      'https://public.test/',
      'https://user@public.test/c.json',
    ]) {
      const response = await share.ask(`/oauth/authorize?${wish({ client_id })}`);
      expect([client_id, response.status]).toEqual([client_id, 400]);
    }
    expect(fetched).toEqual([]);
  });

  it('cannot pile questions up before the owner', async () => {
    const share = await makeShare(() => undefined);
    for (let i = 0; i < 6; i++) await share.ask(`/oauth/authorize?${wish()}`);
    expect(share.desk.pending().length).toBe(3);
  });

  it('registers nothing that a browser would run', async () => {
    const share = await makeShare();
    for (const uri of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://evil.test/cb',
      'https://x.test/#f',
    ]) {
      const body = JSON.stringify({ redirect_uris: [uri] });
      expect((await share.ask('/oauth/register', { method: 'POST', body })).status).toBe(400);
    }
  });

  it("answers for the owner neither without the page's address nor by another name", async () => {
    const share = await makeShare(() => undefined);
    const owner = await openOwnerPage(share.desk);
    onTestFinished(() => owner.close());
    expect((await fetch(new URL('/', owner.url))).status).toBe(404);
    const { port, pathname } = new URL(owner.url);
    const status = await new Promise((resolve) => {
      httpRequest(
        { host: '127.0.0.1', port, path: pathname, headers: { host: 'evil.test' } },
        (res) => resolve(res.statusCode),
      ).end();
    });
    expect(status).toBe(404);
  });
});
