import { DISABLED, TYPED_REMOTE } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Qoder CLI: Gemini CLI’s settings, with types. */
export const qoder: ClientRow = {
  key: 'qoder',
  title: 'Qoder CLI',
  homepage: 'https://qoder.com',
  user: everywhere('~/.qoder/settings.json'),
  project: ['.mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ ...TYPED_REMOTE, disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.qoder'),
    executables: ['qodercli', 'qoder'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@qoder-ai/qodercli',
      says: '1.1.52, `qodercli mcp add`: user scope in ~/.qoder/settings.json, project scope in .mcp.json; url with type http or sse; `mcp disable` sets disabled.',
    },
  ],
  disagreements: [
    'The Qoder IDE keeps its servers elsewhere (SharedClientCache/mcp.json by others’ account; no source of its own found): this row is the CLI’s.',
  ],
};
