import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { request, resolve, search } from '../../src/registry/index.ts';
import { clocked } from '../helpers/clocked.ts';
import { npmEntry } from '../helpers/entries.ts';
import { makeHome } from '../helpers/home.ts';
import { sendJson, serve } from '../helpers/http.ts';
import { serveOfficial } from '../helpers/official.ts';

describe('the network', () => {
  const one = [npmEntry('com.acme/weather', 'Forecasts')];

  it.each([
    ['429 with Retry-After in seconds', 429, { 'retry-after': '0' }],
    [
      '503 with a date',
      503,
      { 'retry-after': new Date(Date.parse('2026-01-02T03:04:05Z')).toUTCString() },
    ],
    ['500', 500, {}],
  ] as const)('asks again after %s', async (_what, status, headers) => {
    const registry = await serveOfficial(one);
    let failures = 0;
    registry.interfere = (_request, response) => {
      if (failures++ > 0) return false;
      sendJson(response, {}, headers, status);
      return true;
    };
    const { at } = clocked(registry.url);
    expect(await search(at(0), 'weather')).toMatchObject({ total: 1, notes: [] });
    expect(registry.requests).toHaveLength(2);
  });

  it('does not wait longer than a search may take', async () => {
    const registry = await serveOfficial(one);
    registry.interfere = (_request, response) => {
      sendJson(response, {}, { 'retry-after': '600' }, 429);
      return true;
    };
    const started = Date.now();
    const { notes } = await search(clocked(registry.url).at(0), 'x');
    expect(notes.join()).toContain('answered with 429');
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it('sends the credentials of an address as a header, and shows them nowhere', async () => {
    const registry = await serveOfficial(one);
    const expected = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
    registry.interfere = (request, response) => {
      if (request.headers.authorization === expected) return false;
      sendJson(response, {}, {}, 401);
      return true;
    };
    const at = (pair: string) => clocked(registry.url.replace('//', `//${pair}@`)).at(0);
    const right = at('me:s3cret');
    expect(await search(right, 'weather')).toMatchObject({ total: 1, notes: [] });
    expect(JSON.stringify(await resolve(right, 'com.acme/weather'))).not.toContain('s3cret');
    const { notes } = await search(at('me:wr0ng'), 'weather');
    expect(notes.join()).toContain('wants credentials (401)');
    const error = await resolve(at('me:wr0ng'), 'com.acme/weather').catch((thrown) => thrown);
    expect(JSON.stringify([notes, error, error.message, error.data])).not.toContain('wr0ng');
  });

  it('follows redirects', async () => {
    const registry = await serveOfficial(one);
    const front = await serve((request, response) => {
      response.writeHead(307, { location: `${registry.url}${request.url}` }).end();
    });
    expect((await search(clocked(front.url).at(0), 'weather')).total).toBe(1);
  });

  it.each([
    ['truncated JSON', '{"servers": [{"server": {"na', 'something that is not JSON'],
    ['a page that is no list', '{"servers": 3}', 'no list of servers'],
    ['HTML', '<html></html>', 'something that is not JSON'],
  ])('survives %s', async (_what, body, complaint) => {
    const server = await serve((_request, response) => response.end(body));
    const { notes } = await search(clocked(server.url).at(0), 'x');
    expect(notes.join()).toContain(complaint);
  });

  it('gives up on a body that does not come', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"servers": [');
    });
    const { ctx } = makeHome();
    const asked = request(ctx, { url: server.url, what: 'it', timeoutMs: 200, retries: 0 });
    await expect(asked).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('0.2 s'),
    });
  });

  it('gives up on a body that does not end', async () => {
    const server = await serve((_request, response) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pour);
      pour();
    });
    const asked = request(makeHome().ctx, {
      url: server.url,
      what: 'it',
      maxBytes: 1_000_000,
      retries: 0,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'REGISTRY',
      message: expect.stringContaining('more than'),
    });
  });

  it('stops at a list that never ends', async () => {
    const server = await serve((_request, response) =>
      sendJson(response, { servers: one, metadata: { nextCursor: 'again' } }),
    );
    expect((await search(clocked(server.url).at(0), 'weather')).notes.join()).toContain(
      'does not end',
    );
  });

  it('goes through a proxy when a variable names one, and not for what NO_PROXY names', async () => {
    const registry = await serveOfficial(one);
    const tunnels: string[] = [];
    const proxy = createServer((request, response) => {
      tunnels.push(`GET ${request.url}`);
      response.writeHead(502).end();
    });
    proxy.on('connect', (request, socket, head) => {
      tunnels.push(`CONNECT ${request.url}`);
      const { port } = new URL(registry.url);
      const upstream = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    onTestFinished(() => void proxy.closeAllConnections());
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as { port: number };
    const env = { HTTP_PROXY: `http://127.0.0.1:${port}` };
    const far = clocked('http://registry.example.test', env);
    expect(await search(far.at(0), 'weather')).toMatchObject({ total: 1, notes: [] });
    expect(tunnels).toEqual(['CONNECT registry.example.test:80']);
    const near = clocked(registry.url, { ...env, NO_PROXY: '127.0.0.1' });
    expect((await search(near.at(0), 'weather')).total).toBe(1);
    expect(tunnels).toHaveLength(1);
  });
});
