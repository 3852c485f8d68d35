import { DISABLED, TYPED_LONG } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Roo Code: Cline’s older form, with its own word for Streamable HTTP. */
export const rooCode: ClientRow = {
  key: 'roo-code',
  title: 'Roo Code',
  homepage: 'https://roocode.com',
  user: appData('Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json'),
  project: ['.roo/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ ...TYPED_LONG, untyped: 'sse', disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: appData('Code/User/globalStorage/rooveterinaryinc.roo-cline'),
    executables: [],
  },
  reload: 'Roo Code notices the change.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/RooCodeInc/Roo-Code/blob/main/src/services/mcp/McpHub.ts',
      says: 'command/args/env/cwd, or url/headers with type sse or streamable-http (sse when absent); disabled, alwaysAllow, disabledTools, timeout, watchPaths; project .roo/mcp.json.',
    },
  ],
  disagreements: [],
};
