/** `config.json`: the settings, a flat object. Unknown keys are kept. */
import type { Context } from '../context.ts';
import { asRecord, type JsonStore, jsonStore } from '../platform/store.ts';

/** The settings; values are what JSON can hold. */
export type Settings = Readonly<Record<string, unknown>>;

function store(ctx: Context): JsonStore<Settings> {
  return jsonStore(ctx.paths.settings, {
    empty: () => ({}),
    decode: (json) => asRecord(json, [], 'an object of settings'),
    encode: (settings) => settings,
  });
}

/** All settings. @throws McpmError `CONFIG_SYNTAX`, `CONFIG_SHAPE`, `CONFIG_ACCESS`. */
export function readSettings(ctx: Context): Promise<Settings> {
  return store(ctx).read();
}

/** Change the settings under the file's lock. @throws McpmError as {@link readSettings}, and `CONFIG_LOCKED`. */
export function updateSettings(
  ctx: Context,
  change: (settings: Settings) => Settings,
): Promise<Settings> {
  return store(ctx).update(change);
}
