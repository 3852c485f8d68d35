import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate, pinOf } from '../../../src/share/certificate.ts';
import { type Relay, startRelay } from '../../../src/share/relay/server.ts';
import { checkState, type TableState } from '../../../src/share/relay/table.ts';
import { createRelayToken } from '../../../src/share/relay/tokens.ts';
import type { ShareSettings } from '../../../src/share/settings.ts';
import { relay as provider } from '../../../src/share/tunnels/relay.ts';
import type { TunnelEvent } from '../../../src/share/tunnels/types.ts';
import { makeHome } from '../../helpers/home.ts';
import { authority, makeOrigin, makeRelay, serverTls, until, visit } from '../relay/world.ts';

async function open(
  settings: ShareSettings,
  extra: { address?: string; subdomain?: string; signal?: AbortSignal } = {},
) {
  const home = makeHome();
  const origin = await makeOrigin((req, res) => void res.end(`origin ${req.url}`));
  const events: TunnelEvent[] = [];
  const tunnel = await provider.open({
    ctx: home.ctx,
    origin,
    tls: false,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    ...extra,
    settings: { relay_ca: home.write('ca.pem', authority.cert), ...settings },
  });
  onTestFinished(() => tunnel.close());
  return { tunnel, events };
}

const at = (relay: Relay, token: string): ShareSettings => ({
  relay_address: `127.0.0.1:${relay.port}`,
  relay_token: token,
});

describe('the relay tunnel', () => {
  it('gives a URL below the address it dialled when the relay knows no other', async () => {
    const { relay, token } = await makeRelay();
    const { tunnel } = await open(at(relay, token));
    expect(tunnel.url).toMatch(
      new RegExp(`^https://127\\.0\\.0\\.1:${relay.port}/t/[0-9a-f]{32}$`),
    );
    expect((await visit(relay, `${new URL(tunnel.url).pathname}/mcp`)).body).toBe('origin /mcp');
    expect(tunnel.trust).toMatchObject({ ca: expect.stringMatching(/ca\.pem$/) });
  });

  it.each([
    ['refuses other protocols', ['http/1.1']],
    ['knows nothing of protocols', undefined],
  ])('says that it is no relay of a web server that %s', async (_case, ALPNProtocols) => {
    const server = createServer({ ...serverTls, ...(ALPNProtocols && { ALPNProtocols }) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(
      open({ relay_address: `127.0.0.1:${port}`, relay_token: 'x' }),
    ).rejects.toMatchObject({ code: 'TUNNEL', message: expect.stringContaining('is no relay') });
  });

  it('takes --address and --subdomain over the settings', async () => {
    const { relay, token } = await makeRelay(
      { publicUrl: 'https://*.relay.test' },
      { names: ['demo'] },
    );
    const { tunnel } = await open(
      { relay_token: token, relay_address: 'nowhere.test:1' },
      { address: `127.0.0.1:${relay.port}`, subdomain: 'demo' },
    );
    expect(tunnel.url).toBe('https://demo.relay.test');
    expect(tunnel.trust).toBeUndefined();
  });

  it('has its URL back within 3 s of a restart of the relay, names being kept over it', async () => {
    const made = createRelayToken({ name: 'alice', names: ['demo'] });
    let state: TableState | undefined;
    const start = (port: number) =>
      startRelay({
        host: '127.0.0.1',
        port,
        tls: serverTls,
        tokens: () => [made.entry],
        ...(state && { state }),
        onState: (next) => {
          state = checkState(JSON.parse(JSON.stringify(next)));
        },
      });
    const first = await start(0);
    const { tunnel, events } = await open(at(first, made.token), { subdomain: 'demo' });
    const traffic = keepAsking(first);
    await until(() => traffic.outcomes.length > 5);
    await first.close(0);
    await until(() => events.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const second = await start(first.port);
    onTestFinished(() => second.close(0));
    const before = Date.now();
    await until(() => events.length === 2, 3_000);
    expect(Date.now() - before).toBeLessThan(3_000);
    expect(events).toEqual([
      { type: 'disconnected', reason: expect.any(String) },
      { type: 'reconnected', url: tunnel.url },
    ]);
    expect((await visit(second, '/t/demo/mcp')).body).toBe('origin /mcp');
    // Nobody's request was lost silently: each was answered in full, refused, or seen to fail.
    await traffic.stop();
    const answered = traffic.outcomes.filter((outcome) => outcome === '200 origin /mcp').length;
    const failed = traffic.outcomes.filter((outcome) => /^(failed|503)/.test(outcome)).length;
    expect(answered).toBeGreaterThan(5);
    expect(answered + failed).toBe(traffic.outcomes.length);
  });

  it('gives up, saying why, when the relay no longer knows its token', async () => {
    const { relay, token, tokens } = await makeRelay();
    const { tunnel, events } = await open(at(relay, token));
    tokens.splice(0);
    const lost = expect(tunnel.closed).rejects.toMatchObject({ code: 'AUTH' });
    await relay.close(0);
    const again = await startRelay({
      host: '127.0.0.1',
      port: relay.port,
      tls: serverTls,
      tokens: () => tokens,
    });
    onTestFinished(() => again.close(0));
    await lost;
    expect(events).toHaveLength(1);
  });

  it('trusts a self-signed relay by its pin alone', async () => {
    const tls = createCertificate({ names: ['home'], days: 9000, now: new Date() });
    const { relay, token } = await makeRelay({ tls });
    const settings = at(relay, token);
    await expect(open(settings)).rejects.toMatchObject({ code: 'TUNNEL' });
    const { tunnel } = await open({ ...settings, relay_pin: pinOf(tls.cert) });
    expect(tunnel.url).toContain('/t/');
    expect(new X509Certificate(tls.cert).validTo).toContain('20');
  });

  it.each([
    ['without a token', {}, 'AUTH'],
    ['with a wrong token', { relay_token: 'wrong' }, 'AUTH'],
    ['at an address where there is nothing', { relay_address: '127.0.0.1:1' }, 'TUNNEL'],
    ['with a malformed address', { relay_address: 'http://x' }, 'INVALID_INPUT'],
  ])('says what to do %s', async (_case, settings, code) => {
    const { relay, token } = await makeRelay();
    const base =
      'relay_token' in settings || code === 'AUTH'
        ? { relay_address: `127.0.0.1:${relay.port}` }
        : at(relay, token);
    await expect(open({ ...base, ...settings })).rejects.toMatchObject({ code });
  });

  it('ends at once when it is closed', async () => {
    const { relay, token } = await makeRelay();
    const { tunnel } = await open(at(relay, token));
    await tunnel.close();
    await tunnel.closed;
    await until(() => relay.metrics().includes('mcpm_relay_tunnels 0'));
  });
});

/** Visitors that ask one after the other, four at a time; what came of each request. */
function keepAsking(relay: Relay) {
  const outcomes: string[] = [];
  let going = true;
  const visitor = async () => {
    while (going) {
      const outcome = await visit(relay, '/t/demo/mcp').then(
        ({ status, body }) => `${status} ${body.trim()}`,
        (error: Error) => `failed ${error.message}`,
      );
      outcomes.push(outcome);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const visitors = Array.from({ length: 4 }, visitor);
  return {
    outcomes,
    async stop() {
      going = false;
      await Promise.all(visitors);
    },
  };
}
