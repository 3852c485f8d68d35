import { DISABLED, STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Windsurf: as Claude Desktop, but a remote entry's URL is called `serverUrl`. */
export const windsurf: ClientRow = {
  key: 'windsurf',
  title: 'Windsurf',
  homepage: 'https://windsurf.com',
  user: everywhere('~/.codeium/windsurf/mcp_config.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    stdio: STDIO,
    http: { url: 'serverUrl', headers: 'headers' },
    sse: { url: 'serverUrl', headers: 'headers' },
    urlAliases: ['url'],
    disabled: DISABLED,
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.codeium/windsurf'),
    executables: ['windsurf'],
  },
  reload: 'Press the refresh button in the MCP panel of Cascade.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://docs.windsurf.com/windsurf/cascade/mcp',
      says: 'File ~/.codeium/windsurf/mcp_config.json, the shape of Claude Desktop; remote servers by `serverUrl` (or `url`) and headers.',
    },
  ],
  disagreements: [],
};
