import { expect, test } from 'vitest';
import type { SessionStart } from '../../src/usage/index.ts';
import { ENVELOPE } from '../helpers/any-client.ts';
import { rawServer, serveOnStdio } from '../helpers/engine.ts';
import { modernServer } from '../helpers/fake-servers.ts';

const ERAS = ['legacy', 'modern'] as const;
const SERVERS = {
  'an old server': [rawServer('one')],
  'a new server': [modernServer('one')],
  'servers of both': [rawServer('one'), modernServer('two')],
};
const CELLS = ERAS.flatMap((era) =>
  Object.entries(SERVERS).map(([what, servers]) => [era, what, servers] as const),
);

test.each(CELLS)(
  'a %s client on stdio of %s is recorded as one session',
  async (era, _, servers) => {
    const begun: SessionStart[] = [];
    const recorder = {
      operation: () => {},
      session: (start: SessionStart) => void begun.push(start),
      sessionEnd: () => {},
    };
    const { client } = serveOnStdio(servers, { recorder });
    const _meta = era === 'modern' ? { _meta: ENVELOPE } : {};
    if (era === 'legacy') await client.initialize();
    for (const method of ['tools/list', 'resources/list']) {
      expect((await client.request(method, _meta)).error).toBeUndefined();
    }
    expect(begun).toEqual([
      { session: expect.any(String), at: expect.any(Number), client: 'test 1' },
    ]);
  },
);
