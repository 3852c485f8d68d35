import { STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Witsy: `mcpServers` among its settings, for processes; it joins the arguments with spaces and splits them again. */
export const witsy: ClientRow = {
  key: 'witsy',
  title: 'Witsy',
  homepage: 'https://witsyai.com',
  user: appData('Witsy/settings.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ stdio: STDIO }),
  disabledElsewhere: '`state` of the server in `mcp.mcpServersExtra` of the same file.',
  newFile: '',
  detect: {
    folders: appData('Witsy'),
    executables: ['witsy'],
  },
  reload: 'Witsy notices the change.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/nbonamy/witsy/blob/main/src/main/mcp.ts',
      says: '`mcpServers` in settings.json: command, args (required), cwd, env; other transports are in `mcp.servers`, with ids of its own; the file is watched.',
    },
    {
      url: 'https://github.com/nbonamy/witsy/blob/main/src/main/config.ts',
      says: 'settings.json in the user data folder; read with JSON.parse.',
    },
  ],
  disagreements: ['Others write mcp.json or mcp_servers.json beside it: the source reads neither.'],
};
