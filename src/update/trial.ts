/** Starting a server once, to see that it answers before it takes the place of one that does. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../config/index.ts';
import type { Context } from '../context.ts';
import { createGateway } from '../engine/index.ts';
import { McpmError } from '../errors.ts';

/** How long a server may take; its package is downloaded first, in milliseconds. */
const LIMIT = 180_000;

const OPENING = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'mcpm', version: '1' },
  },
};

/**
 * Start a server as `mcpm run` does, open a session, and end it.
 * @throws McpmError `SERVER_START`, `SERVER_EXIT`, `RUNTIME_MISSING`, `SECRET` when it does not answer, with its last words.
 */
export async function tryToStart(ctx: Context, server: Server): Promise<void> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const gateway = createGateway({
    ctx: { ...ctx, stdin, stdout },
    servers: [server],
    name: server.name,
  });
  const stop = new AbortController();
  const noAnswer = (why: string) =>
    new McpmError('SERVER_START', `${server.name} ${why}`, { data: { server: server.name } });
  try {
    const answer = Promise.race([
      once(createInterface(stdout), 'line', { signal: stop.signal }),
      gateway.serveStdio().then(() => Promise.reject(noAnswer('ended without an answer'))),
      sleep(LIMIT, undefined, { signal: stop.signal }).then(() =>
        Promise.reject(noAnswer(`did not answer within ${LIMIT / 1_000} s`)),
      ),
    ]);
    stdin.write(`${JSON.stringify(OPENING)}\n`);
    const [line] = await answer;
    const { error } = JSON.parse(String(line)) as { error?: { message?: string } };
    if (error) throw noAnswer(`refuses to open a session: ${error.message ?? 'no reason given'}`);
  } finally {
    stop.abort();
    await gateway.close();
  }
}
