import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Junie: the JetBrains agent, plugin and CLI. */
export const junie: ClientRow = {
  key: 'junie',
  title: 'JetBrains Junie',
  homepage: 'https://www.jetbrains.com/junie',
  user: everywhere('~/.junie/mcp/mcp.json'),
  project: ['.junie/mcp/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: 'The switch in Settings → Tools → Junie → MCP Settings is application state.',
  newFile: '',
  detect: {
    folders: everywhere('~/.junie'),
    executables: ['junie'],
  },
  reload: 'Reopen the project, or start a new session.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://junie.jetbrains.com/docs/junie-cli-mcp-configuration.html',
      says: '~/.junie/mcp/mcp.json and .junie/mcp/mcp.json, `mcpServers` (as quoted by several tools; the page itself could not be read).',
    },
    {
      url: 'https://www.jetbrains.com/help/junie/model-context-protocol-mcp.html',
      says: 'A JSON configuration with command and arguments; the plugin’s page of 2025 knows stdio only.',
    },
  ],
  disagreements: [
    'The plugin’s page says stdio only, tools that follow the CLI write url and headers: remote entries are possible, not the default.',
  ],
};
