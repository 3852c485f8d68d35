/** Keeping servers current: what is newer, bringing it in, and going back. */
export { type Detected, detectSources, type SourceEntry } from './detect.ts';
export { checkUpdates, type Outcome, updateServer } from './run.ts';
export type { Finding, UpdateKind, UpdateRequest, UpdateState } from './types.ts';
