import { HTTP_URL } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Gemini CLI: `httpUrl` is Streamable HTTP in every version; newer ones also write `url` with a type, which is read. */
export const geminiCli: ClientRow = {
  key: 'gemini-cli',
  title: 'Gemini CLI',
  homepage: 'https://github.com/google-gemini/gemini-cli',
  user: everywhere('$GEMINI_CLI_HOME/.gemini/settings.json', '~/.gemini/settings.json'),
  project: ['.gemini/settings.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...HTTP_URL,
    type: { field: 'type', writes: { sse: 'sse' }, reads: { http: 'http', sse: 'sse' } },
  }),
  disabledElsewhere:
    '`gemini mcp disable` keeps it in ~/.gemini/mcp-server-enablement.json; `mcp.excluded` in settings.json.',
  newFile: '',
  detect: {
    folders: everywhere('~/.gemini/settings.json'),
    executables: ['gemini'],
  },
  reload: 'Run /mcp refresh, or start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md',
      says: 'command/args/env/cwd, httpUrl for Streamable HTTP, url for SSE; user and project settings.json.',
    },
    {
      url: 'https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/tools/mcp-client.ts',
      says: 'httpUrl is deprecated, still first; url with type http or sse; url alone tries both.',
    },
    {
      url: 'https://www.npmjs.com/package/@google/gemini-cli',
      says: '0.61.0, `gemini mcp add`: writes url and type for remote servers.',
    },
  ],
  disagreements: [
    'The documentation says httpUrl, the program writes url and type: httpUrl is written, since versions that know no type take url for SSE.',
  ],
};
