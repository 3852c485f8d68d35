import { DISABLED, PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Kiro, IDE and CLI: one file for both. */
export const kiro: ClientRow = {
  key: 'kiro',
  title: 'Kiro',
  homepage: 'https://kiro.dev',
  user: everywhere('~/.kiro/settings/mcp.json'),
  project: ['.kiro/settings/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({ ...PLAIN, disabled: DISABLED }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.kiro'),
    executables: ['kiro', 'kiro-cli'],
  },
  reload: 'Kiro reconnects when the file is saved.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://kiro.dev/docs/mcp/configuration',
      says: 'User and workspace file; command/args/env or url/headers; disabled, autoApprove, disabledTools.',
    },
    {
      url: 'https://kiro.dev/docs/cli/mcp/configuration',
      says: 'The CLI reads the same files.',
    },
  ],
  disagreements: [],
};
