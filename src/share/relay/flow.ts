/** Bodies on their way through a tunnel. */
import type { Readable, Writable } from 'node:stream';
import { count, type Direction, type Tunnel } from './tunnel.ts';

/** The longest time that a body rests before it is tried again (ms): others may have used the bytes meanwhile. */
const LONGEST_REST = 1_000;

/**
 * Pass what comes on, no faster than it is taken, and no faster than the tunnel may. The end is not passed on. Returns how to stop: what
 * comes after that goes nowhere.
 */
export function flow(
  source: Readable,
  sink: Writable,
  tunnel: Tunnel,
  direction: Direction,
): () => void {
  let reasons = 0;
  const hold = () => void (reasons++ === 0 && source.pause());
  const release = () => void (--reasons === 0 && source.resume());
  const onData = (chunk: Buffer) => {
    count(tunnel, direction, chunk.length);
    if (!sink.write(chunk) && !sink.destroyed) {
      hold();
      sink.once('drain', release);
    }
    const { wait } = tunnel.bytes;
    if (wait > 0) {
      hold();
      setTimeout(release, Math.min(wait, LONGEST_REST));
    }
  };
  source.on('data', onData);
  return () => {
    source.off('data', onData);
    source.resume();
  };
}
