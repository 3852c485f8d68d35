import { NOT_ENABLED, PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Grok Build: Codex’s tables with headers under their usual name. */
export const grokBuild: ClientRow = {
  key: 'grok-build',
  title: 'Grok Build',
  homepage: 'https://docs.x.ai/build',
  user: everywhere('$GROK_HOME/config.toml', '~/.grok/config.toml'),
  project: ['.grok/config.toml'],
  format: 'toml',
  section: ['mcp_servers'],
  members: 'map',
  codec: shaped({
    ...PLAIN,
    type: { field: 'type', writes: { sse: 'sse' }, reads: { http: 'http', sse: 'sse' } },
    untyped: 'http',
    disabled: NOT_ENABLED,
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('$GROK_HOME', '~/.grok'),
    executables: ['grok'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://docs.x.ai/build/features/mcp-servers',
      says: '[mcp_servers.NAME] in ~/.grok/config.toml; command/args/env or url/headers.',
    },
    {
      url: 'https://www.npmjs.com/package/@xai-official/grok',
      says: '1.0.41, `grok mcp add`: env and headers as tables of their own; type for SSE only; enabled; `mcp list` reads .grok/config.toml as the project’s.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'GROK_HOME; project .grok/config.toml.',
    },
  ],
  disagreements: [],
};
