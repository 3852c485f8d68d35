import { STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import type { ClientRow } from '../types.ts';

/** Claude Desktop: local processes only; remote servers are added as connectors in its settings, not in this file. */
export const claudeDesktop: ClientRow = {
  key: 'claude-desktop',
  title: 'Claude Desktop',
  homepage: 'https://claude.ai/download',
  user: {
    darwin: ['~/Library/Application Support/Claude/claude_desktop_config.json'],
    win32: ['%APPDATA%/Claude/claude_desktop_config.json'],
    linux: [
      '$XDG_CONFIG_HOME/Claude/claude_desktop_config.json',
      '~/.config/Claude/claude_desktop_config.json',
    ],
  },
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ stdio: STDIO }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: {
      darwin: ['~/Library/Application Support/Claude', '/Applications/Claude.app'],
      win32: ['%APPDATA%/Claude'],
      linux: ['~/.config/Claude'],
    },
    executables: ['claude-desktop'],
  },
  reload: 'Quit Claude Desktop and open it again.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
      says: 'File on macOS and Windows, the `mcpServers` section of command, args and env; restart to apply.',
    },
  ],
  disagreements: [],
};
