import { DISABLED, PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Pi with pi-mcp-adapter: Pi’s own layer above the tool-agnostic files. */
export const pi: ClientRow = {
  key: 'pi',
  title: 'Pi (pi-mcp-adapter)',
  homepage: 'https://github.com/nicobailon/pi-mcp-adapter',
  user: everywhere('$PI_CODING_AGENT_DIR/mcp.json', '~/.pi/agent/mcp.json'),
  project: ['.pi/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ ...PLAIN, disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('$PI_CODING_AGENT_DIR', '~/.pi/agent'),
    executables: ['pi'],
  },
  reload: 'Run /reload.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/pi-mcp-adapter',
      says: '2.36.0, README: <Pi agent dir>/mcp.json and .pi/mcp.json over ~/.config/mcp/mcp.json and .mcp.json; `disabled`.',
    },
  ],
  disagreements: ['Pi itself has no MCP client; without the adapter the file is not read.'],
};
