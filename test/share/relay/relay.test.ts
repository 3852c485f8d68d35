import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authority, makeAgent, makeOrigin, makeRelay, toRelay, until, visit } from './world.ts';

const echo = async () =>
  makeOrigin((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.setHeader('content-type', 'application/json');
      res.end(
        JSON.stringify({
          method: req.method,
          url: req.url,
          headers: req.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });

describe('a relay', () => {
  it('carries a request to the agent and the answer back, in path mode', async () => {
    const { relay, token } = await makeRelay();
    const agent = await makeAgent(relay, { token }, await echo());
    expect(agent.welcome.url).toBe(`/t/${agent.welcome.id}`);
    expect(agent.welcome.id).toMatch(/^[0-9a-f]{32}$/);
    const answer = await visit(relay, `/t/${agent.welcome.id}/mcp?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: {
        'mcp-session-id': 's1',
        'x-forwarded-for': '6.6.6.6',
        connection: 'x-hop',
        'x-hop': '1',
      },
    });
    expect(answer.status).toBe(200);
    const seen = JSON.parse(answer.body);
    expect(seen).toMatchObject({ method: 'POST', url: '/mcp?x=1', body: 'hello' });
    expect(seen.headers).toMatchObject({
      'mcp-session-id': 's1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-prefix': `/t/${agent.welcome.id}`,
      host: `127.0.0.1:${relay.port}`,
    });
    expect(seen.headers).not.toHaveProperty('x-hop');
  });

  it('serves each tunnel under its subdomain', async () => {
    const { relay, token } = await makeRelay(
      { publicUrl: 'https://*.relay.test' },
      { names: ['demo', 'team-*'] },
    );
    const agent = await makeAgent(relay, { token, name: 'team-a' }, await echo());
    expect(agent.welcome.url).toBe('https://team-a.relay.test');
    const answer = await visit(relay, '/mcp', { headers: { host: 'TEAM-A.relay.test:443' } });
    expect(JSON.parse(answer.body).url).toBe('/mcp');
    const bare = await visit(relay, '/t/team-a/mcp', { headers: { host: 'relay.test' } });
    expect(JSON.parse(bare.body).url).toBe('/mcp');
  });

  it('gives a name to the next agent of the same token once the last one is gone', async () => {
    const { relay, token } = await makeRelay({}, { names: ['demo'] });
    const first = await makeAgent(relay, { token, name: 'demo' }, await echo());
    first.close();
    await first.closed;
    await until(async () => (await visit(relay, '/t/demo/mcp')).status === 503);
    const second = await makeAgent(relay, { token, name: 'demo' }, await echo());
    expect(second.welcome.id).toBe('demo');
    expect((await visit(relay, '/t/demo/mcp')).status).toBe(200);
  });

  it('finds the tunnel in the middle of a well-known path', async () => {
    const { relay, token } = await makeRelay();
    const { welcome } = await makeAgent(relay, { token }, await echo());
    const answer = await visit(relay, `/.well-known/oauth-protected-resource/t/${welcome.id}/mcp`);
    expect(JSON.parse(answer.body).url).toBe('/.well-known/oauth-protected-resource/mcp');
  });

  it('carries bodies of 200 KB, 16 at a time on kept connections, unharmed', async () => {
    const { relay, token } = await makeRelay({
      limits: { requestsPerSecond: 1e6, visitorRequestsPerSecond: 1e6, bytesPerSecond: 1e9 },
    });
    const origin = await makeOrigin((req, res) => void req.pipe(res));
    const { welcome } = await makeAgent(relay, { token }, origin);
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    onTestFinished(() => agent.destroy());
    const body = randomBytes(100_000).toString('hex');
    const one = async () => {
      const answer = await visit(relay, `/t/${welcome.id}/mcp`, { method: 'POST', body, agent });
      expect([answer.status, answer.body.length]).toEqual([200, body.length]);
      expect(answer.body === body).toBe(true);
    };
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let i = 0; i < 8; i++) await one();
      }),
    );
  });

  it('carries every byte as it is, in bodies small enough to leave in one piece', async () => {
    const { relay, token } = await makeRelay();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const received: Buffer[] = [];
    const origin = await makeOrigin((req, res) => {
      req.on('data', (chunk: Buffer) => received.push(chunk));
      req.on('end', () => res.setHeader('content-length', bytes.length).end(bytes));
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const sent = await new Promise<Buffer>((resolve, reject) => {
      const path = `/t/${welcome.id}/mcp`;
      const headers = { 'content-length': bytes.length };
      request(toRelay(relay, path, { method: 'POST', headers }), (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => resolve(Buffer.concat(chunks)));
      })
        .on('error', reject)
        .end(bytes);
    });
    expect(sent.equals(bytes)).toBe(true);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
  });

  it('reads the next request of a connection whose last response is still being flushed', async () => {
    const { relay, token } = await makeRelay();
    const large = 'x'.repeat(16_000_000);
    const origin = await makeOrigin((req, res) => {
      req.resume().on('end', () => res.end(large));
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const socket = tlsConnect({ host: '127.0.0.1', port: relay.port, ca: authority.cert });
    onTestFinished(() => void socket.destroy());
    const post = (body: string) =>
      `POST /t/${welcome.id}/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    let received = 0;
    socket.write(post('small'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.write(post('y'.repeat(300_000)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    await until(() => received > 2 * large.length);
  });

  it('streams both ways at once, and each event at once', async () => {
    const { relay, token } = await makeRelay();
    const origin = await makeOrigin((req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      req.on('data', (chunk) => res.write(`data: ${chunk}\n\n`));
      req.on('end', () => setTimeout(() => res.end('data: late\n\n'), 30));
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const seen: string[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      const req = request(
        toRelay(relay, `/t/${welcome.id}/mcp`, {
          method: 'POST',
          headers: { 'transfer-encoding': 'chunked' },
        }),
        (res) => {
          res.on('data', (chunk) => {
            seen.push(String(chunk));
            if (seen.length === 1) req.write('two');
            if (seen.length === 2) req.end();
          });
          res.on('end', resolve);
        },
      );
      req.on('error', reject);
      req.write('one');
    });
    await ended;
    expect(seen).toEqual(['data: one\n\n', 'data: two\n\n', 'data: late\n\n']);
  });

  it('tells the origin when the visitor gives up, and survives what the origin writes after', async () => {
    const { relay, token } = await makeRelay();
    let gone = 0;
    const origin = await makeOrigin((_req, res) => {
      res.write('data: 1\n\n');
      const timer = setInterval(() => res.write('data: more\n\n'), 5);
      res.on('close', () => {
        gone++;
        setTimeout(() => clearInterval(timer), 50);
      });
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    for (let i = 0; i < 3; i++) {
      const req = request(toRelay(relay, `/t/${welcome.id}/mcp`), (res) => {
        res.once('data', () => req.destroy());
        res.on('error', () => {});
      });
      req.on('error', () => {});
      req.end();
    }
    await until(() => gone === 3, 2_000);
    expect((await visit(relay, '/healthz')).status).toBe(200);
  });

  it('never makes half a body look whole to the origin', async () => {
    const { relay, token } = await makeRelay();
    const seen: string[] = [];
    const origin = await makeOrigin((req) => {
      req.on('error', () => seen.push('broken off')).on('end', () => seen.push('whole'));
      req.resume();
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const req = request(toRelay(relay, `/t/${welcome.id}/mcp`, { method: 'POST' }));
    req.on('error', () => {});
    req.write('half of it');
    setTimeout(() => req.destroy(), 50);
    await until(() => seen.length > 0);
    expect(seen).toEqual(['broken off']);
  });

  it('passes an early answer on though the body was not read, and goes on', async () => {
    const { relay, token } = await makeRelay();
    const origin = await makeOrigin((_req, res) => void res.writeHead(413).end('too much'));
    const { welcome } = await makeAgent(relay, { token }, origin);
    for (let i = 0; i < 3; i++) {
      const answer = await visit(relay, `/t/${welcome.id}/mcp`, {
        method: 'POST',
        body: 'x'.repeat(3_000_000),
      });
      expect(answer).toMatchObject({ status: 413, body: 'too much' });
    }
  });

  it('makes a response that breaks off look broken off', async () => {
    const { relay, token } = await makeRelay();
    const origin = await makeOrigin((_req, res) => {
      res.write('half');
      setTimeout(() => res.destroy(), 20);
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    await expect(visit(relay, `/t/${welcome.id}/mcp`)).rejects.toThrow(/aborted|hang up/);
  });

  it('says 502 when the origin is not there, and 503 while the agent is away', async () => {
    const { relay, token } = await makeRelay();
    const agent = await makeAgent(relay, { token }, { host: '127.0.0.1', port: 1 });
    const path = `/t/${agent.welcome.id}/mcp`;
    expect((await visit(relay, path)).status).toBe(502);
    agent.close();
    await until(() => !relay.metrics().includes('mcpm_relay_tunnels 1'));
    const away = await visit(relay, path);
    expect(away).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('lets requests under way finish when it is asked to close, and takes no new ones', async () => {
    const { relay, token } = await makeRelay();
    const origin = await makeOrigin((_req, res) => void setTimeout(() => res.end('done'), 150));
    const { welcome, closed } = await makeAgent(relay, { token }, origin);
    const under = visit(relay, `/t/${welcome.id}/mcp`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const closing = relay.close(5_000);
    expect((await under).body).toBe('done');
    await closing;
    await closed;
    await expect(visit(relay, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('shows its counters to holders of a metrics token alone', async () => {
    const { relay, token, metricsToken } = await makeRelay();
    await makeAgent(relay, { token }, await echo());
    const ask = (authorization?: string) =>
      visit(relay, '/metrics', authorization === undefined ? {} : { headers: { authorization } });
    expect((await ask()).status).toBe(401);
    expect((await ask(`Bearer ${token}`)).status).toBe(401);
    const answer = await ask(`Bearer ${metricsToken}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('mcpm_relay_tunnels 1');
    expect(answer.body).toContain('mcpm_relay_agents_total{outcome="connected"} 1');
  });
});
