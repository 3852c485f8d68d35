import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Claude Code: the user’s servers stand among a lot of the program’s own state, which must stay untouched. */
export const claudeCode: ClientRow = {
  key: 'claude-code',
  title: 'Claude Code',
  homepage: 'https://code.claude.com',
  user: everywhere('$CLAUDE_CONFIG_DIR/.claude.json', '~/.claude.json'),
  project: ['.mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(TYPED),
  disabledElsewhere:
    '`disabledMcpServers` of a project in ~/.claude.json, `disabledMcpjsonServers` in its settings.',
  newFile: '',
  detect: {
    folders: everywhere('$CLAUDE_CONFIG_DIR', '~/.claude', '~/.claude.json'),
    executables: ['claude'],
  },
  reload: 'Start a new session; `/mcp` shows the servers.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.developersdigest.tech/mcp-servers/clients/claude-code',
      says: 'After code.claude.com/docs/en/mcp: user scope ~/.claude.json, project scope .mcp.json; stdio, Streamable HTTP, SSE.',
    },
    {
      url: 'https://www.npmjs.com/package/@anthropic-ai/claude-code',
      says: '2.1.197, `claude mcp add -s user` and `-s project`: writes type, command, args, env; with CLAUDE_CONFIG_DIR set the file is $CLAUDE_CONFIG_DIR/.claude.json.',
    },
  ],
  disagreements: [],
};
