/** Servers with nothing to update here, and why. */
import { isRemote, isStdio } from '../config/index.ts';
import { findPackage } from '../install/index.ts';
import type { Subject, UpdateSource } from './types.ts';

/** Servers reached over HTTP: whoever runs them updates them. */
export const remoteSource: UpdateSource = {
  about: ({ server }) => (isRemote(server) ? { kind: 'remote' } : undefined),
  check: async () => ({ state: 'none', reason: 'runs elsewhere' }),
};

/** Everything else. */
export const unknownSource: UpdateSource = {
  about: () => ({ kind: 'unknown' }),
  check: async (_ctx, subject) => ({
    state: 'none',
    ...(subject.resolved?.version === undefined ? {} : { current: subject.resolved.version }),
    reason: reasonOf(subject),
  }),
};

function reasonOf({ server, source }: Subject): string {
  if (!isStdio(server)) return 'a client runs it';
  if (source?.['type'] === 'github-release') return 'GitHub releases are not looked up';
  const spec = findPackage(server.command, server.args);
  return spec ? `versions at ${spec.ecosystem} are not looked up` : 'its command names no package';
}
