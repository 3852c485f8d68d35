import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../../../src/share/certificate.ts';
import { connectAgent } from '../../../src/share/relay/agent.ts';
import {
  addRelayToken,
  type RelayServiceOptions,
  startRelayService,
} from '../../../src/share/relay/service.ts';
import { makeHome, type TestHome } from '../../helpers/home.ts';
import { makeOrigin } from './world.ts';

async function start(home: TestHome, options: Partial<RelayServiceOptions> = {}) {
  const relay = await startRelayService(home.ctx, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => relay.close(0));
  return relay;
}

const world = () => makeHome({ now: () => new Date() });

const health = (port: number, ca: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ host: 'localhost', port, path: '/healthz', ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the relay as a service', () => {
  it('makes a certificate and tokens at its first start, and keeps them', async () => {
    const home = world();
    const first = await start(home);
    expect(first.created.map(({ name }) => name)).toEqual(['owner', 'metrics']);
    expect(home.read('.mcpm/relay/tokens.json')).not.toContain(first.created[0]?.token);
    const cert = home.read('.mcpm/relay/cert.pem');
    expect(new X509Certificate(cert).checkHost('localhost')).toBe('localhost');
    expect(await health(first.port, cert)).toBe(200);
    await first.close(0);
    const second = await start(home);
    expect(second.created).toEqual([]);
    expect(second.pin).toBe(first.pin);
    const at = { host: 'localhost', port: second.port, pin: second.pin };
    const agent = await connectAgent(
      at,
      { token: first.created[0]?.token ?? '' },
      await makeOrigin(() => {}),
    );
    onTestFinished(() => agent.close());
    expect(agent.welcome.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('gives a name back to its agent after a restart', async () => {
    const home = world();
    const first = await start(home);
    const token = first.created[0]?.token ?? '';
    const origin = await makeOrigin(() => {});
    const at = (relay: { port: number; pin: string }) => ({
      host: 'localhost',
      port: relay.port,
      pin: relay.pin,
    });
    const before = await connectAgent(at(first), { token, name: 'demo' }, origin);
    await first.close(0);
    const bob = await addRelayToken(first.tokenFile, { name: 'bob', names: ['*'] });
    const second = await start(home);
    const { id, claim } = before.welcome;
    await expect(
      connectAgent(at(second), { token: bob, name: 'demo' }, origin),
    ).rejects.toMatchObject({ code: 'name-taken' });
    const after = await connectAgent(at(second), { token, id, claim }, origin);
    onTestFinished(() => after.close());
    expect(after.welcome.id).toBe('demo');
  });

  it('closes the tunnels of a token that is taken out of the file, and shows a renewed certificate', async () => {
    const home = world();
    const pair = (name: string) =>
      createCertificate({ names: ['localhost', name], days: 2, now: new Date() });
    const old = pair('old.test');
    const tlsCert = home.write('cert.pem', old.cert);
    const tlsKey = home.write('key.pem', old.key);
    const tokenFile = home.write('tokens.json', '{"tokens": []}');
    const token = await addRelayToken(tokenFile, { name: 'alice' });
    const relay = await start(home, { tlsCert, tlsKey, tokenFile });
    const agent = await connectAgent(
      { host: 'localhost', port: relay.port, pin: relay.pin },
      { token },
      await makeOrigin(() => {}),
    );
    const renewed = pair('new.test');
    home.write('cert.pem', renewed.cert);
    home.write('key.pem', renewed.key);
    home.write('tokens.json', '{"tokens": []}');
    await agent.closed;
    await expect.poll(() => health(relay.port, renewed.cert), { timeout: 4_000 }).toBe(200);
  });

  it.each([
    ['a token file that is not there', { tokenFile: '/nowhere/tokens.json' }, 'NOT_FOUND'],
    ['a key without a certificate', { tlsKey: '/nowhere/key.pem' }, 'USAGE'],
    [
      'a certificate that is not there',
      { tlsKey: '/nowhere/key.pem', tlsCert: '/nowhere/cert.pem' },
      'NOT_FOUND',
    ],
  ])('says what is wrong with %s', async (_case, options, code) => {
    await expect(start(world(), options)).rejects.toMatchObject({ code });
  });

  it.each([
    ['{"tokens": 1}', 'there is no "tokens" list'],
    ['{"tokens": [{"name": "a", "hash": "plain"}]}', 'tokens[0]: "hash"'],
    ['{"tokens": [', 'not valid JSON'],
  ])('takes no token file like %s', async (text, message) => {
    const home = world();
    const tokenFile = home.write('tokens.json', text);
    await expect(start(home, { tokenFile })).rejects.toThrow(message);
  });
});
