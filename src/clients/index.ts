/** AI clients: where their configuration is, what an entry looks like, whether they are here. */

export { detect } from './detect.ts';
export { CLIENT_KEYS, type ClientKey } from './keys.ts';
export { filesOf, hasScope, type Place } from './paths.ts';
export { CLIENTS } from './rows/index.ts';
export { entriesOf, entryPath, type NamedValue } from './section.ts';
export type {
  ClientRow,
  Codec,
  DisabledFlag,
  Entry,
  RemoteEntry,
  Scope,
  StdioEntry,
  Transport,
} from './types.ts';
