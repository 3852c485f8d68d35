/** Request bodies, within limits. */
import type { HttpRequest } from './types.ts';

/** Why there is no body. */
export type BodyProblem = 'too-large' | 'aborted';

/** Read a whole body. */
export function readBody(request: HttpRequest, limit: number): Promise<Buffer | BodyProblem> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        request.pause();
        chunks.length = 0;
        resolve('too-large');
      }
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks, length));
    });
    request.on('close', () => resolve('aborted'));
    request.on('error', () => resolve('aborted'));
  });
}
