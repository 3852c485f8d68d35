/** Where servers are found: the embedded catalogue, registries, and package registries. */
export { withoutControls } from './clean.ts';
export { remoteManifest } from './direct.ts';
export {
  type HttpAnswer,
  type HttpRequest,
  request,
  requestJson,
  withoutCredentials,
} from './http.ts';
export type {
  Argument,
  ArgumentFormat,
  Capability,
  Installation,
  InstallationType,
  Manifest,
  ManifestStatus,
  OptionalArgs,
  Origin,
} from './manifest.ts';
export type { Reference } from './references.ts';
export {
  type Found,
  parse,
  type RegistryReference,
  resolve,
  type SearchOptions,
  type SearchResult,
  search,
  versionsOf,
} from './registry.ts';
export { type Gathered, manifestsIn } from './shapes.ts';
export {
  type Ecosystem,
  type ExactVersion,
  parseImage,
  VERSION_SOURCES,
  type VersionList,
  type VersionSource,
  withoutTag,
} from './versions/index.ts';
