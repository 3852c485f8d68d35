/** The embedded catalogue: well-known servers, described by this project, there without a network. */
import type { Manifest } from '../manifest.ts';

/** Every server of the catalogue, sorted by name. Loaded only now: nothing but search, info and install needs it. */
export async function loadCatalogue(): Promise<readonly Manifest[]> {
  const { ALL } = await import('./all.ts');
  return ALL;
}
