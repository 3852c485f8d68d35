/**
 * Zed: `source: "custom"` is needed by versions before 2026 and ignored by later ones; versions before mid-2025 wrote the
 * command as an object `{path, args, env}`, which is read and, once edited, replaced by the flat form.
 */
import type { Codec } from '../types.ts';
import { NOT_ENABLED, REMOTE, STDIO } from './common.ts';
import { isFields, shaped } from './shaped.ts';

const flat = shaped({
  stdio: STDIO,
  http: REMOTE,
  disabled: NOT_ENABLED,
  initial: (entry) => (entry.kind === 'stdio' ? { source: 'custom' } : {}),
});

/** The codec of Zed's `context_servers`. */
export const zedCodec: Codec = {
  ...flat,
  decode: (value) => {
    if (!isFields(value) || !isFields(value.command)) return flat.decode(value);
    const { path, args, env } = value.command;
    return flat.decode({ ...value, command: path, args, env });
  },
};
