import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { HttpHandler, HttpRequest } from '../../../src/engine/index.ts';
import { makeAgent, makeRelay, toRelay, until, visit } from './world.ts';

/** A relay with one tunnel to a handler in this process. */
async function served(handle: (...of: Parameters<HttpHandler>) => void | Promise<void>) {
  const { relay, token } = await makeRelay();
  const { welcome } = await makeAgent(relay, { token }, (...of) => void handle(...of));
  return { relay, path: `/t/${welcome.id}/mcp` };
}

async function bodyOf(request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('a server in the process of the agent', () => {
  it('sees the request as if it had come over loopback', async () => {
    const { relay, path } = await served(async (req, res) => {
      const body = String(await bodyOf(req));
      const { method, url, headers, socket } = req;
      res.setHeader('vary', 'origin');
      res.writeHead(201, { 'content-type': 'application/json', connection: 'close' });
      res.end(JSON.stringify({ method, url, headers, peer: socket.remoteAddress, body }));
    });
    const answer = await visit(relay, `${path}?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'mcp-session-id': 's1', 'x-forwarded-for': '6.6.6.6' },
    });
    expect(answer).toMatchObject({ status: 201, headers: { vary: 'origin' } });
    expect(JSON.parse(answer.body)).toMatchObject({
      method: 'POST',
      url: '/mcp?x=1',
      peer: '127.0.0.1',
      body: 'hello',
      headers: {
        'mcp-session-id': 's1',
        'x-forwarded-for': '127.0.0.1',
        host: `127.0.0.1:${relay.port}`,
      },
    });
    expect(JSON.parse(answer.body).headers).not.toHaveProperty(':path');
  });

  it('gets and gives large bodies unharmed, of known length and not', async () => {
    const { relay, path } = await served(async (req, res) => {
      const body = await bodyOf(req);
      if (req.url === '/mcp?length') res.writeHead(200, { 'content-length': body.length });
      for (let i = 0; i < body.length; i += 50_000) res.write(body.subarray(i, i + 50_000));
      res.end();
    });
    const body = randomBytes(1_500_000).toString('hex');
    for (const query of ['', '?length', '', '?length']) {
      const answer = await visit(relay, `${path}${query}`, { method: 'POST', body });
      expect(answer.body === body).toBe(true);
    }
  });

  it('answers with no body where there must be none', async () => {
    const { relay, path } = await served((req, res) => {
      if (req.method === 'HEAD') res.writeHead(200, { 'content-length': 4 }).end('body');
      else res.writeHead(204).end();
    });
    const head = await visit(relay, path, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '4' } });
    expect(await visit(relay, path)).toMatchObject({ status: 204, body: '' });
  });

  it('streams: the head at once, then each event', async () => {
    let say: (text: string) => void = () => {};
    const { relay, path } = await served((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.flushHeaders();
      say = (text) => (text === 'end' ? res.end() : res.write(Buffer.from(text)));
    });
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const req = request(toRelay(relay, path), (res) => {
        say('one');
        res.on('data', (chunk) => {
          seen.push(String(chunk));
          say(seen.length === 1 ? 'two' : 'end');
        });
        res.on('end', resolve).on('error', reject);
      });
      req.on('error', reject).end();
    });
    expect(seen).toEqual(['one', 'two']);
  });

  it('hears that the visitor gave up, and may go on writing', async () => {
    let gone = 0;
    const { relay, path } = await served((_req, res) => {
      res.writeHead(200);
      res.write(Buffer.from('first'));
      const timer = setInterval(() => res.write(Buffer.from('more')), 5);
      res.on('close', () => {
        if (res.destroyed) gone++;
        setTimeout(() => clearInterval(timer), 50);
      });
    });
    for (let i = 0; i < 3; i++) {
      const req = request(toRelay(relay, path), (res) => {
        res.once('data', () => req.destroy());
        res.on('error', () => {});
      });
      req.on('error', () => {}).end();
    }
    await until(() => gone === 3, 2_000);
  });

  it('never takes half a body for a whole one', async () => {
    const seen: string[] = [];
    const { relay, path } = await served((req) => {
      req.on('end', () => seen.push('whole')).on('close', () => seen.push('over'));
      req.resume();
    });
    const req = request(toRelay(relay, path, { method: 'POST' }));
    req.on('error', () => {});
    req.write('half of it');
    setTimeout(() => req.destroy(), 50);
    await until(() => seen.length > 0);
    expect(seen).toEqual(['over']);
  });

  it('may answer without reading the body, or after a part of it', async () => {
    const { relay, path } = await served((req, res) => {
      const refuse = () => res.writeHead(413).end('too much');
      if (req.url === '/mcp') refuse();
      else
        req.once('data', () => {
          req.pause();
          refuse();
        });
    });
    const body = 'x'.repeat(3_000_000);
    for (const query of ['', '?part', '', '?part']) {
      const answer = await visit(relay, `${path}${query}`, { method: 'POST', body });
      expect(answer).toMatchObject({ status: 413, body: 'too much' });
    }
  });

  it('breaks off visibly, with the length known and not', async () => {
    const { relay, path } = await served((req, res) => {
      res.writeHead(200, req.url === '/mcp' ? {} : { 'content-length': 100 });
      res.write(Buffer.from('the beginning'));
      setTimeout(() => res.destroy(), 20);
    });
    for (const query of ['', '?length'])
      await expect(visit(relay, `${path}${query}`)).rejects.toThrow(/aborted|hang up/);
  });
});
