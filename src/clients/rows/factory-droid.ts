import { DISABLED, TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Factory Droid: every entry names its type. */
export const factoryDroid: ClientRow = {
  key: 'factory-droid',
  title: 'Factory Droid',
  homepage: 'https://factory.ai',
  user: everywhere('~/.factory/mcp.json'),
  project: ['.factory/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ ...TYPED, disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.factory'),
    executables: ['droid'],
  },
  reload: 'Start a new session; /mcp shows the servers.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/droid',
      says: '0.215.0, `droid mcp add`: ~/.factory/mcp.json; type, command/args/env or url/headers, disabled; `mcp list` reads .factory/mcp.json as the project’s.',
    },
    {
      url: 'https://docs.factory.ai/factory-cli/configuration/mcp',
      says: '/mcp lists, adds and removes servers; an older page, which knows stdio only.',
    },
  ],
  disagreements: [
    'The documentation’s older page says stdio only; the program takes http and sse.',
  ],
};
