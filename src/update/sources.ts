/** The ways servers are updated, in the order in which they are asked. */
import { gitSource } from './git-source.ts';
import { remoteSource, unknownSource } from './inert-sources.ts';
import { packageSource } from './package-source.ts';
import { registrySource } from './registry-source.ts';
import type { About, Subject, UpdateSource } from './types.ts';

/** Checkouts and entries of registries go first: what runs from them may look like a package. The last one takes all that is left. */
const UPDATE_SOURCES: readonly UpdateSource[] = [
  gitSource,
  registrySource,
  packageSource,
  remoteSource,
  unknownSource,
];

/** The source that looks after a server, and what it updates. */
export function sourceFor(subject: Subject): { source: UpdateSource; about: About } {
  for (const source of UPDATE_SOURCES) {
    const about = source.about(subject);
    if (about !== undefined) return { source, about };
  }
  throw new Error('the last source takes everything');
}
