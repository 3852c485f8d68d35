/** Very large messages through the built program, with the limits it has by default. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isStdio } from '../../src/config/index.ts';
import { configure, serveProgram } from '../conformance/program.ts';
import { LineClient, rawServer } from '../helpers/engine.ts';
import { HttpClient } from '../helpers/served.ts';
import { root } from '../helpers/tools.ts';

const LARGE = 100_000_000;
const HUGE = 1024 ** 3;

const servers = Object.fromEntries(
  ['one', 'two'].map((name) => {
    const server = rawServer(name);
    if (!isStdio(server)) throw new Error('not started here');
    const { command, args } = server;
    return [name, { command, args }];
  }),
);

/** A session with the program on stdio. */
async function onStdio(words: readonly string[]) {
  const env = { ...process.env, ...configure(servers).env };
  const child = spawn(process.execPath, [join(root, 'dist/main.cjs'), ...words], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, 'exit');
  });
  const client = new LineClient((line) => child.stdin.write(line), child.stdout);
  await client.initialize();
  return client;
}

async function onHttp(words: readonly string[]) {
  const client = new HttpClient(await serveProgram(words, servers));
  await client.initialize();
  return client;
}

describe('a result of 100 MB passes and one of 1 GB fails alone', () => {
  test.each([
    ['stdio, one server', onStdio, ['run', 'one'], ''],
    ['stdio, a profile', onStdio, ['profile', 'run', 'all'], 'one_'],
    ['HTTP, one server', onHttp, ['run', 'one'], ''],
    ['HTTP, a profile', onHttp, ['profile', 'run', 'all'], 'one_'],
  ] as const)(
    'over %s',
    async (_name, open, words, prefix) => {
      const client = await open(words);
      // A server writes to one stdout: only another one can be at work meanwhile.
      const meanwhile = prefix === '' ? 'done' : client.call('two_slow', { ms: 3_000 });
      expect(await client.call(`${prefix}big`, { bytes: LARGE })).toHaveLength(LARGE);
      const huge = { name: `${prefix}huge`, arguments: { bytes: HUGE } };
      const { error } = await client.request('tools/call', huge);
      expect(error?.message).toMatch(
        /^the answer of server "one" has 10737\d{5} bytes, more than the limit of 268435456$/,
      );
      expect(await client.call(`${prefix}echo`, { text: 'fine' })).toBe('fine');
      expect(await meanwhile).toBe('done');
    },
    60_000,
  );
});
