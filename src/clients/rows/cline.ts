import { CLINE_SETTINGS, clineCodec } from '../codecs/cline.ts';
import { appData, either } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Cline in VS Code: since mid-2026 it shares the file of the CLI and moves an older file there by itself. */
export const cline: ClientRow = {
  key: 'cline',
  title: 'Cline',
  homepage: 'https://cline.bot',
  user: either(
    CLINE_SETTINGS,
    appData('Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json'),
  ),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: clineCodec,
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: appData('Code/User/globalStorage/saoudrizwan.claude-dev'),
    executables: [],
  },
  reload: 'Cline notices the change.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/cline/cline/blob/main/apps/vscode/src/hosts/vscode/mcp-settings-legacy-migration.ts',
      says: 'Servers of the extension’s globalStorage are moved to the shared file (June 2026).',
    },
    {
      url: 'https://github.com/cline/cline/blob/main/sdk/packages/core/src/extensions/mcp/config-loader.ts',
      says: 'Nested `transport` and flat entries are read; type stdio, sse, streamableHttp; a URL without type is SSE; `disabled`.',
    },
    {
      url: 'https://github.com/cline/cline/blob/main/sdk/packages/shared/src/storage/paths.ts',
      says: 'CLINE_MCP_SETTINGS_PATH, else CLINE_DATA_DIR, else CLINE_DIR, else ~/.cline.',
    },
  ],
  disagreements: [
    'Older guides name only the globalStorage file: it is used where the shared one does not exist yet.',
  ],
};
