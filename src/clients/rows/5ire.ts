import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** 5ire: as Claude Desktop, plus a key, a switch and a type. */
export const fiveIre: ClientRow = {
  key: '5ire',
  title: '5ire',
  homepage: 'https://5ire.app',
  user: appData('5ire/mcp.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...PLAIN,
    type: { field: 'type', writes: { stdio: 'local', http: 'remote', sse: 'remote' } },
    disabled: { field: 'isActive', value: false },
    named: ['key'],
    initial: () => ({ isActive: true }),
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: appData('5ire'),
    executables: ['5ire'],
  },
  reload: 'Quit 5ire and open it again.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/nanbingxyz/5ire/blob/main/src/main/mcp.ts',
      says: 'mcp.json in the user data folder; `mcpServers` with key, isActive, type local or remote.',
    },
  ],
  disagreements: [
    'From 0.15 on 5ire keeps servers in a database and takes mcp.json over once, at the first start (legacy-data-migrator.ts): later changes to the file reach only older versions.',
  ],
};
