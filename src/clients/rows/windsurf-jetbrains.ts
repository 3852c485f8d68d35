import { SERVER_URL } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Windsurf’s plugins for JetBrains and others: Windsurf’s form, one folder up. */
export const windsurfJetbrains: ClientRow = {
  key: 'windsurf-jetbrains',
  title: 'Windsurf plugin (JetBrains)',
  homepage: 'https://docs.windsurf.com/plugins',
  user: everywhere('~/.codeium/mcp_config.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(SERVER_URL),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.codeium/mcp_config.json'),
    executables: [],
  },
  reload: 'Press the refresh button in the plugin’s MCP settings.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://docs.windsurf.com/plugins/cascade/mcp',
      says: '~/.codeium/mcp_config.json; stdio, Streamable HTTP, SSE; refresh after a change.',
    },
  ],
  disagreements: [],
};
