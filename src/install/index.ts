/** Installing servers: a plan that can be read, and its execution. */
export { type Applied, apply, putInPlace } from './apply.ts';
export { gitComplaint } from './clone.ts';
export { forget, forgetBundles, renamed } from './forget.ts';
export { type InstalledServer, info, type KnownVersions, type ServerInfo } from './info.ts';
export { discard, plan } from './plan.ts';
export { resolvedStore, sourceEntry, sourcesStore } from './provenance.ts';
export { exactVersion, findPackage, type PackageSpec } from './spec.ts';
export type {
  InstallPlan,
  InstallRequest,
  PlannedArgument,
  PreviousVersion,
  Resolved,
} from './types.ts';
