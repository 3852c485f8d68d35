import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Amp: one key with a dot in its name holds the servers. */
export const amp: ClientRow = {
  key: 'amp',
  title: 'Amp',
  homepage: 'https://ampcode.com',
  user: everywhere('~/.config/amp/settings.json', '~/.config/amp/settings.jsonc'),
  project: ['.amp/settings.json', '.amp/settings.jsonc'],
  format: 'jsonc',
  section: ['amp.mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.config/amp'),
    executables: ['amp'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@ampcode/cli',
      says: '0.0.1790142911, `amp mcp add`: "amp.mcpServers" in ~/.config/amp/settings.json; command/args/env or url/headers.',
    },
    {
      url: 'https://www.developersdigest.tech/reference/amp/config-files',
      says: 'settings.json or .jsonc, on Windows below %USERPROFILE%\\\\.config; workspace .amp/settings.json, whose servers need approval.',
    },
  ],
  disagreements: [],
};
