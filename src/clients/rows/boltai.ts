import { STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import type { ClientRow } from '../types.ts';

/** BoltAI: a macOS program; local processes only. */
export const boltAi: ClientRow = {
  key: 'boltai',
  title: 'BoltAI',
  homepage: 'https://boltai.com',
  user: { darwin: ['~/.boltai/mcp.json'], win32: [], linux: [] },
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ stdio: STDIO }),
  disabledElsewhere: 'The switch in Settings → Plugins is application state.',
  newFile: '',
  detect: {
    folders: { darwin: ['~/.boltai', '/Applications/BoltAI.app'], win32: [], linux: [] },
    executables: [],
  },
  reload: 'Quit BoltAI and open it again.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://docs.boltai.com/docs/plugins/mcp-servers',
      says: '~/.boltai/mcp.json, `mcpServers` (as quoted by several tools; the page itself could not be read).',
    },
  ],
  disagreements: [],
};
