import { STDIO } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** mcporter: a URL is `baseUrl`; it finds out the transport by itself. */
export const mcporter: ClientRow = {
  key: 'mcporter',
  title: 'mcporter',
  homepage: 'https://github.com/steipete/mcporter',
  user: everywhere('$MCPORTER_CONFIG', '~/.mcporter/mcporter.json', '~/.mcporter/mcporter.jsonc'),
  project: ['config/mcporter.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    stdio: STDIO,
    http: { url: 'baseUrl', headers: 'headers' },
    sse: { url: 'baseUrl', headers: 'headers' },
    urlAliases: ['url', 'serverUrl'],
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.mcporter'),
    executables: ['mcporter'],
  },
  reload: 'The next call reads the file.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/mcporter',
      says: '0.12.3, `mcporter config add --scope home`: command/args/env or baseUrl/headers in ~/.mcporter/mcporter.json; project config/mcporter.json.',
    },
    {
      url: 'https://github.com/steipete/mcporter/blob/main/README.md',
      says: 'MCPORTER_CONFIG, .json before .jsonc, imports from other clients.',
    },
  ],
  disagreements: [],
};
