import { NOT_ENABLED, PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Kimi Code: the transport is told from command or url; only SSE is named. */
export const kimiCli: ClientRow = {
  key: 'kimi-cli',
  title: 'Kimi Code',
  homepage: 'https://github.com/MoonshotAI/kimi-code',
  user: everywhere('$KIMI_CODE_HOME/mcp.json', '~/.kimi-code/mcp.json'),
  project: ['.kimi-code/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...PLAIN,
    type: { field: 'transport', writes: { sse: 'sse' }, reads: { http: 'http', sse: 'sse' } },
    untyped: 'http',
    disabled: NOT_ENABLED,
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('$KIMI_CODE_HOME', '~/.kimi-code'),
    executables: ['kimi'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@moonshot-ai/kimi-code',
      says: 'Its built-in mcp-config skill: mcp.json in KIMI_CODE_HOME or ~/.kimi-code, .kimi-code/mcp.json and .mcp.json in projects; command/args/env or url/headers; enabled; transport inferred.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'transport: stdio, http, sse.',
    },
  ],
  disagreements: ['The archived Python kimi-cli used ~/.kimi/mcp.json: not written.'],
};
