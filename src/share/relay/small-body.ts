/** Small bodies are gathered and sent in one piece: one frame, one write, half the work of a stream that ends at once. */
import type { Readable } from 'node:stream';

const SMALL = 16 * 1024;

/** Whether a body of this `Content-Length` is gathered first. */
export function isSmall(length: string | undefined): boolean {
  return length !== undefined && Number(length) <= SMALL;
}

/** Gather a body; `done` gets it once it is whole, and never when it breaks off. */
export function gather(source: Readable, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  source.on('data', (chunk: Buffer) => chunks.push(chunk));
  source.on('end', () => {
    const [first] = chunks;
    done(chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
}
