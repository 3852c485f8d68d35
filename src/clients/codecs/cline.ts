/**
 * Cline: since mid-2026 it writes `{transport: {type, …}, disabled}`, before it wrote flat entries, and it reads both. A new
 * entry is flat, so that older versions read it too; a nested one stays nested.
 */
import { everywhere } from '../paths.ts';
import type { Codec, OsPaths } from '../types.ts';
import { DISABLED, PLAIN } from './common.ts';
import { isFields, type Shape, shaped } from './shaped.ts';

/** The file that the extensions and the CLI share. */
export const CLINE_SETTINGS: OsPaths = everywhere(
  '$CLINE_MCP_SETTINGS_PATH',
  '$CLINE_DATA_DIR/settings/cline_mcp_settings.json',
  '$CLINE_DIR/data/settings/cline_mcp_settings.json',
  '~/.cline/data/settings/cline_mcp_settings.json',
);

const reads = {
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  sse: 'sse',
} as const;

const FLAT: Shape = {
  ...PLAIN,
  type: { field: 'type', writes: { http: 'streamableHttp', sse: 'sse' }, reads },
  untyped: 'sse',
  disabled: DISABLED,
};

const flat = shaped(FLAT);
const transport = shaped({
  ...PLAIN,
  type: { field: 'type', writes: { stdio: 'stdio', http: 'streamableHttp', sse: 'sse' }, reads },
});

/** The codec of Cline's settings file. */
export const clineCodec: Codec = {
  ...flat,
  encode: (entry, name, previous) => {
    if (!isFields(previous) || !isFields(previous.transport))
      return flat.encode(entry, name, previous);
    const nested = transport.encode(entry, name, previous.transport);
    const flag = entry.disabled === undefined ? {} : { disabled: entry.disabled };
    return { ...previous, transport: nested, ...flag };
  },
  decode: (value) => {
    if (!isFields(value) || !isFields(value.transport)) return flat.decode(value);
    const { transport: nested, ...rest } = value;
    return flat.decode({ ...rest, ...nested });
  },
};
