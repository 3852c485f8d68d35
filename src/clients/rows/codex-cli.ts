import { CODEX } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Codex CLI and the Codex extensions: TOML tables; no SSE. */
export const codexCli: ClientRow = {
  key: 'codex-cli',
  title: 'Codex CLI',
  homepage: 'https://github.com/openai/codex',
  user: everywhere('$CODEX_HOME/config.toml', '~/.codex/config.toml'),
  project: ['.codex/config.toml'],
  format: 'toml',
  section: ['mcp_servers'],
  members: 'map',
  codec: shaped(CODEX),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('$CODEX_HOME', '~/.codex'),
    executables: ['codex'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://developers.openai.com/codex/mcp.md',
      says: '~/.codex/config.toml, shared by CLI and extension; .codex/config.toml in trusted projects; stdio and Streamable HTTP.',
    },
    {
      url: 'https://www.npmjs.com/package/@openai/codex',
      says: '0.169.0, `codex mcp add`: writes env as a table of its own; --url is Streamable HTTP only.',
    },
    {
      url: 'https://developer.mescius.com/mcp/docs/configure-your-ai-client/command-line-clients/openai-codex-cli.md',
      says: 'url with http_headers; enabled.',
    },
  ],
  disagreements: [],
};
