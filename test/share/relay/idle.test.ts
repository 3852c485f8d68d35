import { describe, expect, it } from 'vitest';
import { makeAgent, makeOrigin, makeRelay, until, visit } from './world.ts';

describe('a relay', () => {
  it('ends an exchange in which nothing moves, at its origin too, and leaves one alone that goes on', async () => {
    const { relay, token } = await makeRelay({ limits: { idleMs: 400 } });
    const ended: (string | undefined)[] = [];
    const origin = await makeOrigin((req, res) => {
      res.on('close', () => void ended.push(req.url));
      if (req.url === '/silent') return;
      res.write('begun ');
      if (req.url === '/stalls') return;
      const beat = setInterval(() => res.write('on '), 100);
      setTimeout(() => {
        clearInterval(beat);
        res.end('done');
      }, 1_200);
    });
    const { welcome } = await makeAgent(relay, { token }, origin);
    const at = (path: string) => visit(relay, `/t/${welcome.id}${path}`);
    const [silent, stalls, goesOn] = await Promise.allSettled(
      ['/silent', '/stalls', '/goes-on'].map(at),
    );
    expect(silent).toMatchObject({ value: { status: 504 } });
    expect(stalls?.status).toBe('rejected');
    expect(goesOn).toMatchObject({ value: { status: 200, body: expect.stringMatching(/done$/) } });
    await until(() => ended.includes('/silent') && ended.includes('/stalls'));
  });
});
