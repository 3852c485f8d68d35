import { SERVER_URL } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Antigravity (2.0, IDE and CLI): Windsurf’s form; the file moved with 2.0. */
export const antigravity: ClientRow = {
  key: 'antigravity',
  title: 'Antigravity',
  homepage: 'https://antigravity.google',
  user: everywhere('~/.gemini/config/mcp_config.json', '~/.gemini/antigravity/mcp_config.json'),
  project: ['.agents/mcp_config.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(SERVER_URL),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.gemini/config', '~/.gemini/antigravity', '~/.gemini/antigravity-cli'),
    executables: ['antigravity', 'agy'],
  },
  reload: 'Press Refresh in Manage MCP Servers; the CLI: start a new session.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/jgravelle/jcodemunch-mcp/releases/tag/v1.108.89',
      says: '2.0, IDE and CLI share ~/.gemini/config/mcp_config.json.',
    },
    {
      url: 'https://developer.mescius.com/mcp/docs/configure-your-ai-client/command-line-clients/google-antigravity-cli',
      says: '`agy mcp add` writes ~/.gemini/config/mcp_config.json, on Windows below %USERPROFILE%.',
    },
    {
      url: 'https://github.com/stbenjam/skillsaw/blob/main/docs/rules/antigravity-mcp-valid.md',
      says: 'Measured with agy 1.1.26: serverUrl beside url; project file in .agents/; a syntax error is fatal to the program.',
    },
    {
      url: 'https://github.com/ChromeDevTools/chrome-devtools-mcp/pull/580',
      says: 'The first releases used ~/.gemini/antigravity/mcp_config.json.',
    },
  ],
  disagreements: [
    'Old and new location both stand in current guides: the new one is used where it exists or neither does.',
    'The disabled flag is Windsurf’s; no source of Antigravity’s own was found for it.',
  ],
};
