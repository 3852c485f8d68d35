import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** LM Studio: Cursor’s notation. */
export const lmStudio: ClientRow = {
  key: 'lm-studio',
  title: 'LM Studio',
  homepage: 'https://lmstudio.ai',
  user: everywhere('~/.lmstudio/mcp.json', '~/.cache/lm-studio/mcp.json'),
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: 'The switch in the Program tab is application state.',
  newFile: '',
  detect: {
    folders: everywhere('~/.lmstudio', '~/.cache/lm-studio'),
    executables: ['lms'],
  },
  reload: 'Restart LM Studio, or save the file once in its own editor.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://lmstudio.ai/mcp',
      says: 'mcp.json in Cursor’s notation, local and remote servers.',
    },
    {
      url: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1371',
      says: 'Quotes the documentation: ~/.lmstudio/mcp.json on every system; found in ~/.cache/lm-studio instead.',
    },
  ],
  disagreements: [
    'Documentation and bug report name two folders: the one that has the file is used.',
  ],
};
