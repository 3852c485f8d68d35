import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Trae: the shape of Claude Desktop; its command must not contain spaces. */
export const trae: ClientRow = {
  key: 'trae',
  title: 'Trae',
  homepage: 'https://www.trae.ai',
  user: appData('Trae/User/mcp.json', 'Trae CN/User/mcp.json'),
  project: ['.trae/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: 'The switch in the MCP settings is application state.',
  newFile: '',
  detect: {
    folders: appData('Trae', 'Trae CN'),
    executables: ['trae'],
  },
  reload: 'Press the refresh button in Settings → MCP.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/pathintegral-institute/mcpm.sh/issues/92',
      says: 'Trae/User/mcp.json on macOS; the shape of Claude Desktop plus fromGalleryId.',
    },
    {
      url: 'https://www.volcengine.com/docs/86677/2137601',
      says: 'Raw configuration is mcp.json with `mcpServers`; stdio, SSE, Streamable HTTP; project file .trae/mcp.json once enabled.',
    },
  ],
  disagreements: [
    'CoplayDev/unity-mcp writes Trae/mcp.json without User; MCPM v2 and the issue above say User/mcp.json, which is used.',
  ],
};
