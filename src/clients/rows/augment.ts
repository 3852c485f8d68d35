import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Auggie, Augment’s CLI: `mcpServers` among its settings, every entry with its type. */
export const augment: ClientRow = {
  key: 'augment',
  title: 'Augment (Auggie CLI)',
  homepage: 'https://www.augmentcode.com',
  user: everywhere('~/.augment/settings.json'),
  project: ['.augment/settings.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(TYPED),
  disabledElsewhere: 'Switched off in the session with /mcp.',
  newFile: '',
  detect: {
    folders: everywhere('~/.augment'),
    executables: ['auggie'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@augmentcode/auggie',
      says: '0.36.0, `auggie mcp add`: ~/.augment/settings.json, --project .augment/settings.json; type stdio, http, sse.',
    },
    {
      url: 'https://docs.augmentcode.com/cli/integrations',
      says: 'MCP servers are configured in the settings.',
    },
  ],
  disagreements: [
    'The editor extensions keep a list in their own settings (augment.advanced.mcpServers): not written here.',
  ],
};
