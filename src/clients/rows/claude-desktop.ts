import { STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData, either } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Claude Desktop: local processes only; remote servers are connectors in its settings, not in this file. */
export const claudeDesktop: ClientRow = {
  key: 'claude-desktop',
  title: 'Claude Desktop',
  homepage: 'https://claude.ai/download',
  user: {
    ...appData('Claude/claude_desktop_config.json'),
    win32: [
      '?%LOCALAPPDATA%/Claude-Data/claude_pzs8sxrjxfjjc/claude_desktop_config.json',
      '?%LOCALAPPDATA%/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/claude_desktop_config.json',
      '%APPDATA%/Claude/claude_desktop_config.json',
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
    folders: either(appData('Claude'), {
      darwin: ['/Applications/Claude.app'],
      win32: [
        '%LOCALAPPDATA%/AnthropicClaude',
        '%LOCALAPPDATA%/Packages/Claude_pzs8sxrjxfjjc',
        '%LOCALAPPDATA%/Claude-Data',
      ],
      linux: [],
    }),
    executables: ['claude-desktop'],
  },
  reload: 'Quit Claude Desktop and open it again.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/anthropics/claude-code/issues/25579',
      says: 'Windows since February 2026: the packaged program reads …/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude, not %APPDATA%.',
    },
    {
      url: 'https://raw.githubusercontent.com/MadGapun/PBP/main/_setup_claude.py',
      says: 'Measured in October 2026: from package 2.4 on the program reads …/Claude-Data/claude_…/claude_desktop_config.json, and neither of the older files.',
    },
    {
      url: 'https://github.com/confluentinc/mcp-confluent/blob/master/docs/configuring-claude-desktop.md',
      says: 'File on macOS and Windows, after the MCP quickstart; `mcpServers` with command, args, env; restart to apply.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'Linux: the same name below XDG_CONFIG_HOME; only stdio in the file, remote servers through Settings → Connectors.',
    },
  ],
  disagreements: [
    'The documentation names %APPDATA%; the MSIX build of 2026 reads the file in its package’s folder: that one is used where the package is.',
    'The folder in Claude-Data is known from one account, which gives its name as claude_…: the package’s is assumed. Where it is another, set the path.',
    'Anthropic has a beta for Ubuntu and Debian since 2026, and names no file for it: the one of the community builds is used.',
  ],
};
