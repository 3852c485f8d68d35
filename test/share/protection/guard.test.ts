import { describe, expect, it } from 'vitest';
import {
  issueToken,
  listTokens,
  revokeTokens,
  rotateToken,
} from '../../../src/share/protection/token-store.ts';
import { makeHome } from '../../helpers/home.ts';
import { until } from '../relay/world.ts';
import { makeShare, PUBLIC, TARGET } from './world.ts';

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

describe('a share', () => {
  it('lets in who holds its token, and says who it was', async () => {
    const share = await makeShare();
    const { secret, token } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    expect(secret).toMatch(/^mcpms_[A-Za-z0-9_-]{43}$/);
    expect(await share.ask('/mcp', bearer(secret))).toMatchObject({
      status: 200,
      body: `laptop (${token.id})`,
    });
    expect((await share.ask('/mcp/', bearer(secret))).status).toBe(200);
  });

  it('keeps tokens hashed', async () => {
    const home = makeHome();
    const { secret } = await issueToken(home.ctx, { name: 'laptop', target: TARGET });
    expect(home.read('.mcpm/shares/tokens.json')).not.toContain(secret.slice(6));
    expect(await listTokens(home.ctx)).toHaveLength(1);
  });

  it('lets the key of auth.json in', async () => {
    const share = await makeShare();
    share.home.write('.config/mcpm/auth.json', '{"api_key": "mcpm_old_key"}');
    expect((await share.ask('/mcp', bearer('mcpm_old_key'))).body).toBe('auth.json');
    expect((await share.ask('/mcp', bearer('mcpm_old_keY'))).status).toBe(401);
  });

  it('lets everyone in without protection, but to nothing else', async () => {
    const share = await makeShare({ open: true });
    expect((await share.ask('/mcp')).status).toBe(200);
    expect((await share.ask('/other')).status).toBe(404);
  });
});

describe('an attacker at a share', () => {
  it('gets 401 with a challenge without a token', async () => {
    const share = await makeShare();
    const reply = await share.ask('/mcp');
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="mcpm"');
  });

  it.each([
    ['a wrong one', 'Bearer mcpms_wrong'],
    ['an empty one', 'Bearer '],
    ['another scheme', 'Basic bWNwbTptY3Bt'],
    ['a list', 'Bearer a, Bearer b'],
  ])('gets 401 with %s', async (_case, authorization) => {
    const share = await makeShare();
    await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const reply = await share.ask('/mcp', { authorization });
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('gets 401 with a revoked, an expired, a rotated token, and one of another share', async () => {
    let now = new Date('2026-05-05T00:00:00Z');
    const share = await makeShare({}, makeHome({ now: () => now }));
    const issue = (name: string, more = {}) =>
      issueToken(share.ctx, { name, target: TARGET, ...more });
    const revoked = await issue('revoked');
    await revokeTokens(share.ctx, 'revoked');
    const rotated = await issue('rotated');
    const fresh = await rotateToken(share.ctx, rotated.token.id);
    const expired = await issue('expired', { lifetimeMs: 1_000 });
    expect((await share.ask('/mcp', bearer(expired.secret))).status).toBe(200);
    now = new Date(now.getTime() + 1_000);
    const elsewhere = await issue('elsewhere', { target: { kind: 'server', name: 'other' } });
    const profile = await issue('profile', { target: { kind: 'profile', name: 'time' } });
    for (const { secret } of [revoked, rotated, expired, elsewhere, profile])
      expect((await share.ask('/mcp', bearer(secret))).status).toBe(401);
    expect((await share.ask('/mcp', bearer(fresh.secret))).status).toBe(200);
  });

  it('loses the streams it has open when its token is revoked', async () => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const hanging = share.ask('/mcp?hang', bearer(secret));
    await until(() => share.gate.counters.active === 1);
    await revokeTokens(share.ctx, 'laptop');
    await expect(hanging).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });

  it.each([
    '/',
    '/mcp/x',
    '/MCP',
    '/mcp%2f',
    '/%6dcp',
    '//mcp',
    '/./mcp',
    '/x/../mcp',
    '/mcp;a',
    '/mcp\\',
    '/sse',
    '/messages',
    '/.well-known/oauth-protected-resource',
    '/oauth/token',
    '/metrics',
    '/healthz/',
    '/healthz/../mcp',
  ])('finds nothing at %s', async (path) => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const line = await share.raw(
      `POST ${path} HTTP/1.1\r\nHost: abc.relay.test\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(line).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it.each([
    ['another name', { host: 'evil.test' }],
    ['a name that begins like it', { host: 'abc.relay.test.evil.test' }],
    ['another port', { host: 'abc.relay.test:8443' }],
    ['this machine, through the tunnel', { host: 'localhost', 'x-forwarded-for': '198.51.100.7' }],
    [
      'the loopback address, through the tunnel',
      { host: '127.0.0.1', 'x-forwarded-for': '198.51.100.7' },
    ],
  ])('is refused at Host: %s', async (_case, headers) => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    expect((await share.ask('/mcp', { ...bearer(secret), ...headers })).status).toBe(421);
  });

  it('is refused from a foreign page, not from its own', async () => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const from = async (origin: string) =>
      (await share.ask('/mcp', { ...bearer(secret), origin })).status;
    expect(await from('https://evil.test')).toBe(403);
    expect(await from('null')).toBe(403);
    expect(await from('https://abc.relay.test.evil.test')).toBe(403);
    expect(await from(PUBLIC)).toBe(200);
    expect(await from('http://localhost:6274')).toBe(200);
  });

  it('is locked out by its address after a series of failures, and nobody else is', async () => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const at = (address: string, token: string) =>
      share.ask('/mcp', { ...bearer(token), host: 'abc.relay.test', 'x-forwarded-for': address });
    for (let i = 0; i < 11; i++) expect((await at('198.51.100.7', `wrong${i}`)).status).toBe(401);
    const locked = await at('198.51.100.7', secret);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await at('198.51.100.8', secret)).status).toBe(200);
  });

  it('cannot lock others out where the tunnel hides addresses', async () => {
    const share = await makeShare({ addressHeader: () => undefined });
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    for (let i = 0; i < 12; i++)
      await share.ask('/mcp', { ...bearer(`wrong${i}`), 'x-forwarded-for': `10.0.0.${i}` });
    expect((await share.ask('/mcp', bearer('wrong'))).status).toBe(429);
    expect((await share.ask('/mcp', bearer(secret))).status).toBe(200);
  });

  it('is slowed down when it floods', async () => {
    const share = await makeShare({ requestsPerSecond: 5 });
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await share.ask('/mcp')).status),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(30);
  });

  it('is not let in when the tokens cannot be read', async () => {
    const share = await makeShare();
    const { secret } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    share.home.write('.mcpm/shares/tokens.json', '{"tokens": [');
    expect((await share.ask('/mcp', bearer(secret))).status).toBe(503);
    share.home.write(
      '.mcpm/shares/tokens.json',
      '{"tokens": [{"id": "a", "name": "x", "hash": "y", "created": "z", "expires": "soon", "target": {"kind": "server", "name": "time"}}]}',
    );
    expect((await share.ask('/mcp', bearer(secret))).status).toBe(503);
  });
});

describe('the audit log', () => {
  it('says who asked for what, when, and what came of it, without secrets', async () => {
    const share = await makeShare();
    const { secret, token } = await issueToken(share.ctx, { name: 'laptop', target: TARGET });
    const tunnelled = { host: 'abc.relay.test', 'x-forwarded-for': '198.51.100.7' };
    await share.ask('/mcp?token=hunter2', { ...bearer(secret), ...tunnelled });
    await share.ask('/mcp', { ...bearer('mcpms_wrongsecret'), ...tunnelled });
    await until(() => share.gate.counters.active === 0);
    share.audit.close();
    const text = share.home.read('.mcpm/shares/audit/2026-01-time.jsonl');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      {
        who: `laptop (${token.id})`,
        address: '198.51.100.7',
        what: 'POST /mcp',
        status: 200,
        outcome: 'ok',
        at: '2026-01-02T03:04:05.000Z',
      },
      { who: '-', what: 'POST /mcp', status: 401, outcome: 'unknown' },
    ]);
    for (const hidden of [secret, 'hunter2', 'mcpms_wrongsecret'])
      expect(text).not.toContain(hidden);
  });
});
