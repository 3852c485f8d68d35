// A program that serves HTTP or SSE, started on a free port, and the first client of it.
import { start, stop } from '../lib/processes.mjs';
import { freePort } from '../lib/world.mjs';
import { connectWhenUp } from './http.mjs';

/**
 * Start a server program and connect as soon as it listens.
 * @param ability (world, port) → {argv, env, url}, a row's `http` or `sse`.
 * @param open url → client, e.g. `openHttp`.
 * @returns {pid, url, client, close}
 */
export async function openGateway(ability, world, open) {
  for (let tries = 3; ; tries--) {
    try {
      return await openOnce(ability, world, open);
    } catch (error) {
      if (tries === 1 || !TAKEN.test(error.message)) throw error;
    }
  }
}

/** What a program says whose port was taken by another between our look and its start. */
const TAKEN = /EADDRINUSE|address already in use|port .* is taken/i;

async function openOnce(ability, world, open) {
  const port = await freePort();
  const { argv, env, url } = ability(world, port);
  const child = start(argv, { env, stdio: ['pipe', 'ignore', 'pipe'] });
  try {
    const client = await connectWhenUp(() => open(url), child);
    const close = async () => {
      client.close();
      await stop(child);
    };
    return { pid: child.pid, url, client, close };
  } catch (error) {
    const said = child.tail();
    await stop(child);
    throw new Error(`${error.message}${TAKEN.test(said) ? ' (EADDRINUSE)' : ''}`);
  }
}
