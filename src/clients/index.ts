/** AI clients: where their configuration is, what an entry looks like, whether they are here. */

export type { Candidate } from './candidates.ts';
export {
  ClientConfigManager,
  type ClientEditResult,
  type ClientSelection,
} from './client-config.ts';
export { detect } from './detect.ts';
export { type DiffLine, unifiedDiff } from './diff.ts';
export { editClient, lastEdit, previewEdit, readInventory, undoEdit } from './edit.ts';
export {
  chosen,
  type Imported,
  type ImportOptions,
  importCandidates,
  readImportable,
  type Unread,
} from './import.ts';
export { CLIENT_KEYS, type ClientKey } from './keys.ts';
export { fileOf, getClient, pathSetting, type Where } from './lookup.ts';
export { maskerOf } from './mask.ts';
export type { Target } from './ownership.ts';
export { filesOf, type Place } from './paths.ts';
export type { EntryChange, Manner, Plan } from './plan.ts';
export { type Replacement, replaceEntries } from './replace.ts';
export { CLIENTS } from './rows/index.ts';
export { entriesOf, entryPath, type NamedValue } from './section.ts';
export type { Names, Selection, Wish } from './selection.ts';
export { type ClientEntry, type ClientState, readClient } from './state.ts';
export { type ClientStatus, statusOf } from './status.ts';
export { type Synced, syncClients } from './sync.ts';
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
