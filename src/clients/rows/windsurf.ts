import { SERVER_URL } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Windsurf (Devin Desktop since June 2026, see devin.ts): as Claude Desktop, but a remote entry’s URL is called `serverUrl`. */
export const windsurf: ClientRow = {
  key: 'windsurf',
  title: 'Windsurf',
  homepage: 'https://windsurf.com',
  user: everywhere('~/.codeium/windsurf/mcp_config.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(SERVER_URL),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.codeium/windsurf'),
    executables: ['windsurf'],
  },
  reload:
    'Press the refresh button in the MCP panel of Cascade. Devin Desktop, its successor, reads another file: mcpm client edit devin.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://docs.windsurf.com/windsurf/cascade/mcp',
      says: 'The shape of Claude Desktop; stdio, Streamable HTTP, SSE; refresh after a change.',
    },
    {
      url: 'https://github.com/newtalaria/docs/blob/main/agents/mcp/windsurf.md',
      says: '~/.codeium/windsurf/mcp_config.json on every system; remote entries by `serverUrl` and headers; `url` does not connect.',
    },
  ],
  disagreements: [
    'Windsurf is called Devin Desktop since June 2026, and from 3.9.19 on its agent reads ~/.config/devin/mcp_config.json (the client devin); this file is that of Cascade and of versions before.',
    'Some guides write `url`; others measured that it does not connect: `serverUrl` is written, both are read.',
  ],
};
