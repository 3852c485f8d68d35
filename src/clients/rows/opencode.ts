import { COMMAND_LIST } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** OpenCode: the command is a list; it tries Streamable HTTP and SSE in turn. */
export const openCode: ClientRow = {
  key: 'opencode',
  title: 'OpenCode',
  homepage: 'https://opencode.ai',
  user: xdg('opencode/opencode.jsonc', 'opencode/opencode.json'),
  project: [
    'opencode.jsonc',
    'opencode.json',
    '.opencode/opencode.jsonc',
    '.opencode/opencode.json',
  ],
  format: 'jsonc',
  section: ['mcp'],
  members: 'map',
  codec: shaped(COMMAND_LIST),
  disabledElsewhere: null,
  newFile: '{\n  "$schema": "https://opencode.ai/config.json"\n}\n',
  detect: {
    folders: xdg('opencode'),
    executables: ['opencode'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://opencode.ai/docs/mcp-servers',
      says: '`mcp`: type local with command (a list) and environment, type remote with url and headers; enabled.',
    },
    {
      url: 'https://www.npmjs.com/package/opencode-ai',
      says: '1.18.33, `opencode mcp add`: writes ~/.config/opencode/opencode.jsonc, which it makes with a $schema.',
    },
  ],
  disagreements: [
    'Guides say opencode.json; the program makes opencode.jsonc and reads both.',
    'add-mcp 2.4.0 also knows servers under mcp.servers (OpenCode 2); the newest on npm, 1.18.33, reads mcp.',
  ],
};
