import { Agent, request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { makeAgent, makeOrigin, makeRelay, toRelay, visit } from './world.ts';

describe('a relay', () => {
  it('does not let visitors that give up end the tunnel for the others', async () => {
    const { relay, token } = await makeRelay({
      limits: { requestsPerSecond: 1e6, visitorRequestsPerSecond: 1e6, streams: 1000 },
    });
    const origin = await makeOrigin((req, res) => {
      if (req.url === '/quick') return void res.end('ok');
      res.write('never ends');
    });
    const { welcome, closed } = await makeAgent(relay, { token }, origin);
    let lost = false;
    void closed.then(() => {
      lost = true;
    });
    const giveUp = () =>
      new Promise<void>((resolve) => {
        const req = request(
          toRelay(relay, `/t/${welcome.id}/slow`, { agent: new Agent() }),
          (res) => void res.on('error', () => {}).once('data', () => req.destroy()),
        );
        req.on('error', () => {}).on('close', resolve);
        req.end();
      });
    for (let i = 0; i < 23; i++) await Promise.all(Array.from({ length: 50 }, giveUp));
    expect(lost).toBe(false);
    expect((await visit(relay, `/t/${welcome.id}/quick`)).body).toBe('ok');
  });
});
