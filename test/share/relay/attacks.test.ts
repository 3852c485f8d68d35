import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectAgent } from '../../../src/share/relay/agent.ts';
import { AGENT_ALPN } from '../../../src/share/relay/protocol.ts';
import { route } from '../../../src/share/relay/route.ts';
import { createRelayToken } from '../../../src/share/relay/tokens.ts';
import { authority, makeAgent, makeOrigin, makeRelay, until, visit } from './world.ts';

const named = (name: string) => makeOrigin((req, res) => void res.end(`${name} ${req.url}`));

/** Send bytes as they are; everything that comes back until the other side closes, or `ms` have passed. */
function raw(port: number, bytes: string, alpn?: string, ms = 400): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: authority.cert,
      ...(alpn && { ALPNProtocols: [alpn] }),
    });
    const done = () => {
      socket.destroy();
      resolve(received);
    };
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', done).on('end', done).on('close', done);
    socket.on('secureConnect', () => {
      socket.write(bytes);
      setTimeout(done, ms);
    });
  });
}

describe('an attacker', () => {
  it('opens no tunnel without a token, with a wrong one, or with one for metrics', async () => {
    const { relay, token, metricsToken } = await makeRelay();
    const origin = await named('x');
    for (const wrong of ['', 'mcpmr_wrong', `${token}x`, metricsToken])
      await expect(makeAgent(relay, { token: wrong }, origin)).rejects.toMatchObject({
        code: 'unauthorized',
      });
  });

  it('is locked out after a series of wrong tokens, even with the right one', async () => {
    const { relay, token } = await makeRelay();
    const origin = await named('x');
    for (let i = 0; i < 11; i++)
      await makeAgent(relay, { token: `wrong${i}` }, origin).catch(() => {});
    await expect(makeAgent(relay, { token }, origin)).rejects.toMatchObject({ code: 'later' });
  });

  it('locks out no other agent behind a proxy that passes TLS through', async () => {
    const { relay, token } = await makeRelay({ trustedProxies: ['127.0.0.1'] });
    const origin = await named('x');
    const tries = Array.from({ length: 12 }, (_, i) => `wrong${i}`);
    for (const wrong of tries) await makeAgent(relay, { token: wrong }, origin).catch(() => {});
    await expect(makeAgent(relay, { token: 'wrong' }, origin)).rejects.toMatchObject({
      code: 'later',
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    expect((await visit(relay, `/t/${welcome.id}/mcp`)).status).toBe(200);
  });

  it('cannot take a name that is taken, its agent there or away', async () => {
    const bob = createRelayToken({ name: 'bob', names: ['*'] });
    const alice = createRelayToken({ name: 'alice', names: ['*'] });
    const { relay } = await makeRelay({ tokens: () => [alice.entry, bob.entry] });
    const mine = await makeAgent(relay, { token: alice.token, name: 'demo' }, await named('alice'));
    const origin = await named('bob');
    const { id, claim } = mine.welcome;
    const tries = [
      { token: bob.token, name: 'demo' },
      { token: bob.token, name: 'demo', id, claim: 'guessed' },
      { token: bob.token, name: 'demo', id, claim },
      { token: alice.token, name: 'demo' },
    ];
    for (const hello of tries)
      await expect(makeAgent(relay, hello, origin)).rejects.toMatchObject({ code: 'name-taken' });
    expect((await visit(relay, '/t/demo/mcp')).body).toBe('alice /mcp');
    mine.close();
    await mine.closed;
    await expect(
      makeAgent(relay, { token: bob.token, name: 'demo' }, origin),
    ).rejects.toMatchObject({ code: 'name-taken' });
    const back = await makeAgent(relay, { token: alice.token, id, claim }, await named('alice'));
    expect(back.welcome.id).toBe('demo');
  });

  it('cannot hoard names by coming and going: the one unused for longest is free again', async () => {
    const hoarder = createRelayToken({ name: 'hoarder', names: ['*'], tunnels: 1 });
    const bob = createRelayToken({ name: 'bob', names: ['*'] });
    const { relay } = await makeRelay({ tokens: () => [hoarder.entry, bob.entry] });
    const origin = await named('x');
    for (let i = 0; i < 7; i++) {
      const agent = await makeAgent(relay, { token: hoarder.token, name: `name-${i}` }, origin);
      agent.close();
      await agent.closed;
    }
    const take = (name: string) => makeAgent(relay, { token: bob.token, name }, origin);
    await expect(take('name-6')).rejects.toMatchObject({ code: 'name-taken' });
    expect((await take('name-0')).welcome.id).toBe('name-0');
  });

  it('gets no id by claiming one that was never given out', async () => {
    const { relay, token } = await makeRelay();
    const wanted = '0'.repeat(32);
    const agent = await makeAgent(relay, { token, id: wanted, claim: 'mine' }, await named('x'));
    expect(agent.welcome.id).not.toBe(wanted);
  });

  it('takes no name that its token does not allow, and no more tunnels than it may', async () => {
    const { relay, token } = await makeRelay({}, { names: ['team-*'], tunnels: 1 });
    const origin = await named('x');
    for (const name of ['demo', 'xteam-a', 'team-a.evil', 'TEAM-a', 'team-/../x'])
      await expect(makeAgent(relay, { token, name }, origin)).rejects.toMatchObject({
        code: 'name-denied',
      });
    await makeAgent(relay, { token, name: 'team-a' }, origin);
    await expect(makeAgent(relay, { token }, origin)).rejects.toMatchObject({ code: 'limit' });
  });

  it('reaches no other tunnel from its own by tricks with paths or hosts', async () => {
    const { relay, token } = await makeRelay(
      { publicUrl: 'https://*.relay.test' },
      { names: ['*'] },
    );
    await makeAgent(relay, { token, name: 'one' }, await named('one'));
    await makeAgent(relay, { token, name: 'two' }, await named('two'));
    const ask = async (target: string, host: string) =>
      (
        await raw(
          relay.port,
          `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        )
      ).toString();
    const tricks: [string, string][] = [
      ['/t/one/../two/mcp', 'relay.test'],
      ['/t/one/%2e%2e/two/mcp', 'relay.test'],
      ['/t/one/..%2ftwo/mcp', 'relay.test'],
      ['/t/one\\..\\two/mcp', 'relay.test'],
      ['//t/two/mcp', 'one.relay.test'],
      ['https://two.relay.test/mcp', 'one.relay.test'],
      ['/mcp', 'two.relay.test.evil.test'],
      ['/mcp', 'x.two.relay.test'],
      ['/mcp', 'two.relay.test@one.relay.test'],
      ['/mcp', 'evil.test'],
    ];
    for (const [target, host] of tricks)
      expect(await ask(target, host), `${target} at ${host}`).toMatch(/^HTTP\/1\.1 400 /);
    const twice = await raw(
      relay.port,
      'GET /mcp HTTP/1.1\r\nHost: one.relay.test\r\nHost: two.relay.test\r\nConnection: close\r\n\r\n',
    );
    expect(twice).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('smuggles no second request past the relay', async () => {
    const { relay, token } = await makeRelay();
    const seen: string[] = [];
    const origin = await makeOrigin((req, res) => {
      seen.push(`${req.method} ${req.url}`);
      req.resume().on('end', () => res.end('ok'));
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const path = `/t/${welcome.id}/mcp`;
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n`;
    const inner = `GET /t/${welcome.id}/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;
    const attempts = [
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Content-Length: 4\r\nContent-Length: 200\r\n\r\nabcd${inner}`,
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Content-Length: +4\r\n\r\nabcd${inner}`,
    ];
    for (const bytes of attempts)
      expect(await raw(relay.port, bytes), bytes).toMatch(/^(HTTP\/1\.1 400 |$)/);
    const buried = await raw(
      relay.port,
      `${head}Content-Length: ${inner.length}\r\nConnection: close\r\n\r\n${inner}`,
    );
    expect(buried).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen.filter((line) => line.includes('smuggled'))).toEqual([]);
  });

  it("gets nothing out of the agents' door with HTTP, and no HTTP/2 before a token", async () => {
    const { relay } = await makeRelay();
    expect(await raw(relay.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', AGENT_ALPN)).toBe('');
    expect(await raw(relay.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', AGENT_ALPN)).toBe('');
    expect(await raw(relay.port, `${'x'.repeat(5000)}`, AGENT_ALPN)).toBe('');
    const session = connectHttp2(`https://127.0.0.1:${relay.port}`, { ca: authority.cert });
    onTestFinished(() => session.destroy());
    await new Promise<void>((resolve) => session.on('error', () => resolve()));
  });

  it('cannot overrun a tunnel with requests, data or open streams', async () => {
    const { relay, token, metricsToken } = await makeRelay({
      limits: {
        requestsPerSecond: 6,
        visitorRequestsPerSecond: 1e6,
        streams: 4,
        bodyBytes: 1000,
        bytesPerSecond: 1e6,
      },
    });
    const origin = await makeOrigin((req, res) => {
      req.resume().on('end', () => {
        if (req.url !== '/hang') res.end('ok');
      });
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const at = (path: string) => `/t/${welcome.id}${path}`;
    expect((await visit(relay, at('/'), { method: 'POST', body: 'x'.repeat(1001) })).status).toBe(
      413,
    );
    const chunked = {
      method: 'POST',
      body: 'x'.repeat(5001),
      headers: { 'transfer-encoding': 'chunked' },
    };
    expect((await visit(relay, at('/'), chunked)).status).toBe(413);
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await visit(relay, at('/'))).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(40);
    expect(statuses).toContain(429);
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (let i = 0; i < 4; i++) visit(relay, at('/hang')).catch(() => {});
    await until(() => relay.metrics().includes('requests_active 4'));
    expect((await visit(relay, at('/'))).status).toBe(503);
    const metrics = await visit(relay, '/metrics', {
      headers: { authorization: `Bearer ${metricsToken}` },
    });
    expect(metrics.body).toMatch(/refused_total\{reason="rate"\} \d+/);
  });

  it.each([
    ['in one response', 200_000, 2_300_000],
    ['in many', 1_000, 9_000],
  ])(
    'gets no more bytes a second through a tunnel than that may carry, %s',
    async (_case, rate, size) => {
      const { relay, token } = await makeRelay({ limits: { bytesPerSecond: rate } });
      const origin = await makeOrigin((_req, res) => {
        res.setHeader('content-length', size).end('x'.repeat(size));
      });
      const { welcome } = await makeAgent(relay, { token }, origin);
      const ask = () => visit(relay, `/t/${welcome.id}/`);
      const began = performance.now();
      expect((await ask()).body.length).toBe(size);
      if (size > 10 * rate) expect(performance.now() - began).toBeGreaterThan(1_000);
      else expect([(await ask()).status, (await ask()).status]).toEqual([200, 429]);
    },
  );

  it('is slowed down by address', async () => {
    const { relay } = await makeRelay({ limits: { visitorRequestsPerSecond: 5 } });
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await visit(relay, '/healthz')).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(15);
    expect(statuses).toContain(429);
  });

  it('cannot pass for the relay: the agent checks certificate or pin before it sends its token', async () => {
    const { relay, token } = await makeRelay();
    const origin = await named('x');
    const at = { host: '127.0.0.1', port: relay.port };
    await expect(connectAgent(at, { token }, origin)).rejects.toMatchObject({ code: 'TUNNEL' });
    await expect(connectAgent({ ...at, pin: 'sha256:other' }, { token }, origin)).rejects.toThrow(
      /not the pinned one/,
    );
  });
});

describe('route', () => {
  it.each([
    ['/t/abc', 'own.test', '/'],
    ['/t/abc?x=/../y', 'own.test', '/?x=/../y'],
    ['/t/abc/mcp/', undefined, '/mcp/'],
  ])('takes %s at %s to the tunnel', (target, host, path) => {
    expect(route(host, target, {})).toEqual({ kind: 'tunnel', id: 'abc', path, prefix: '/t/abc' });
  });

  it.each(['/t/', '/t/-abc', '/t/ABC', '/t/a_b/mcp', '/mcp'])('has no tunnel at %s', (target) => {
    expect(route('x', target, {}).kind).toBe('own');
  });
});
