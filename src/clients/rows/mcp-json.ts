import { TYPED_REMOTE } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** The tool-agnostic files: read by several clients, owned by none. */
export const mcpJson: ClientRow = {
  key: 'mcp-json',
  title: 'Tool-agnostic mcp.json',
  homepage: 'https://modelcontextprotocol.io',
  user: xdg('mcp/mcp.json'),
  project: ['.mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(TYPED_REMOTE),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: xdg('mcp/mcp.json'),
    executables: [],
  },
  reload: 'As the client that reads it.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/pi-mcp-adapter',
      says: '~/.config/mcp/mcp.json for the user, .mcp.json for the project.',
    },
    {
      url: 'https://nix-community.github.io/home-manager/options/home-manager/programs/mcp.html',
      says: '$XDG_CONFIG_HOME/mcp/mcp.json with command/args/env or url/headers.',
    },
    {
      url: 'https://www.developersdigest.tech/mcp-servers/clients/claude-code',
      says: '.mcp.json with `mcpServers`.',
    },
  ],
  disagreements: ['There is no standard: some readers also take a bare map, or `servers`.'],
};
