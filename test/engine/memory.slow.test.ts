/** Nothing is kept of what has passed. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { rawServer, serveOnStdio } from '../helpers/engine.ts';
import { HttpClient, serveOnHttp } from '../helpers/served.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of heap in use once everything that can go is gone. */
async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().heapUsed;
}

/** The heap after work, compared with that after the same kind of work before. */
async function growth(warm: () => Promise<void>, work: () => Promise<void>): Promise<number> {
  await warm();
  const before = await heap();
  await work();
  return (await heap()) / before;
}

test('memory is flat over 10,000 calls through joined servers', async () => {
  const { client } = serveOnStdio([rawServer('one'), rawServer('two')]);
  await client.initialize();
  const calls = async (count: number) => {
    for (let i = 0; i < count; i += 10) {
      await Promise.all(
        Array.from({ length: 10 }, () => client.call('one_echo', { text: 'x'.repeat(200) })),
      );
      client.received.length = 0;
      client.lines.length = 0;
    }
  };
  expect(
    await growth(
      () => calls(2_000),
      () => calls(10_000),
    ),
  ).toBeLessThan(1.1);
});

test('memory is flat over 1,000 sessions', async () => {
  const { url } = await serveOnHttp([rawServer('one'), rawServer('two')]);
  const sessions = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const client = new HttpClient(url);
      await client.initialize();
      await client.call('two_echo', { text: 'x' });
      const response = await fetch(url, {
        method: 'DELETE',
        headers: { 'mcp-session-id': client.session ?? '' },
      });
      await response.text();
    }
  };
  expect(
    await growth(
      () => sessions(200),
      () => sessions(1_000),
    ),
  ).toBeLessThan(1.1);
});
