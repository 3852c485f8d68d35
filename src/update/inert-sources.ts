/** Servers with nothing to update here, and why. */
import { isRemote, isStdio } from '../config/index.ts';
import type { UpdateSource } from './types.ts';

/** Servers reached over HTTP: whoever runs them updates them. */
export const remoteSource: UpdateSource = {
  about: ({ server }) => (isRemote(server) ? { kind: 'remote' } : undefined),
  check: async () => ({ state: 'none', reason: 'runs elsewhere' }),
};

/** Everything else. */
export const unknownSource: UpdateSource = {
  about: () => ({ kind: 'unknown' }),
  check: async (_ctx, { server, resolved }) => ({
    state: 'none',
    ...(resolved?.version === undefined ? {} : { current: resolved.version }),
    reason: isStdio(server) ? 'its command names no package' : 'a client runs it',
  }),
};
