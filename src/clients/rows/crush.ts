import { DISABLED, TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere, xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Crush: its JSON configuration, which its Bash configuration (crushrc) is read beside. */
export const crush: ClientRow = {
  key: 'crush',
  title: 'Crush',
  homepage: 'https://github.com/charmbracelet/crush',
  user: everywhere(
    '$CRUSH_GLOBAL_CONFIG/crush.json',
    '$XDG_CONFIG_HOME/crush/crush.json',
    '~/.config/crush/crush.json',
  ),
  project: ['crush.json', '.crush.json'],
  format: 'jsonc',
  section: ['mcp'],
  members: 'map',
  codec: shaped({ ...TYPED, disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '{\n  "$schema": "https://charm.land/crush.json"\n}\n',
  detect: {
    folders: xdg('crush'),
    executables: ['crush'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://github.com/charmbracelet/crush/blob/main/internal/config/config.go',
      says: 'mcp: type stdio, http or sse (required), command/args/env, url/headers, disabled, timeout; values are shell-expanded.',
    },
    {
      url: 'https://github.com/charmbracelet/crush/blob/main/internal/config/load.go',
      says: 'CRUSH_GLOBAL_CONFIG or XDG_CONFIG_HOME/crush, on Windows below %USERPROFILE%\\\\.config; project crush.json and .crush.json.',
    },
  ],
  disagreements: [
    'The README calls JSON deprecated for crushrc (a Bash script, which cannot be edited safely); the source reads both.',
  ],
};
