/** Package registries, by kind. */
import { npmVersions } from './npm.ts';
import { ociVersions } from './oci.ts';
import { pypiVersions } from './pypi.ts';
import type { Ecosystem, VersionSource } from './types.ts';

export { type ImageName, parseImage, withoutTag } from './image-name.ts';
export type {
  Ecosystem,
  ExactVersion,
  VersionContext,
  VersionList,
  VersionSource,
} from './types.ts';

/** Who knows the versions of which kind of package. */
export const VERSION_SOURCES = {
  npm: npmVersions,
  pypi: pypiVersions,
  oci: ociVersions,
} satisfies Record<Ecosystem, VersionSource>;
