import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** GitHub Copilot CLI: every entry names its type and the tools it may use. */
export const copilotCli: ClientRow = {
  key: 'copilot-cli',
  title: 'GitHub Copilot CLI',
  homepage: 'https://github.com/github/copilot-cli',
  user: everywhere('$COPILOT_HOME/mcp-config.json', '~/.copilot/mcp-config.json'),
  project: ['.mcp.json', '.github/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...TYPED,
    type: {
      field: 'type',
      writes: { stdio: 'stdio', http: 'http', sse: 'sse' },
      reads: { local: 'stdio' },
    },
    initial: () => ({ tools: ['*'] }),
  }),
  disabledElsewhere: '`disabledMcpServers` in ~/.copilot/settings.json.',
  newFile: '',
  detect: {
    folders: everywhere('$COPILOT_HOME', '~/.copilot'),
    executables: ['copilot'],
  },
  reload: 'Start a new session; /mcp shows the servers.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@github/copilot',
      says: '1.0.102, `copilot mcp add`, `disable`, `--help`: ~/.copilot/mcp-config.json (COPILOT_HOME moves it), .mcp.json and .github/mcp.json; tools, type local, http, sse; disabled names in settings.json.',
    },
  ],
  disagreements: [
    'The program writes type local for a process; stdio means the same to it, and to the others that read .mcp.json.',
    'add-mcp looks below XDG_CONFIG_HOME; 1.0.102 does not.',
  ],
};
