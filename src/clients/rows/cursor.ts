import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Cursor: an entry with `command` is a process, one with `url` is remote; it finds out the transport by itself. */
export const cursor: ClientRow = {
  key: 'cursor',
  title: 'Cursor',
  homepage: 'https://cursor.com',
  user: everywhere('~/.cursor/mcp.json'),
  project: ['.cursor/mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: 'The switch in Customize → MCPs is application state, not in the file.',
  newFile: '',
  detect: {
    folders: everywhere('~/.cursor'),
    executables: ['cursor', 'cursor-agent'],
  },
  reload: 'Switch the server off and on in Customize → MCPs, or restart Cursor.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://www.developersdigest.tech/mcp-servers/clients/cursor',
      says: 'After cursor.com/docs/mcp: global ~/.cursor/mcp.json, project .cursor/mcp.json; `mcpServers`; stdio, Streamable HTTP, SSE.',
    },
    {
      url: 'https://dev.to/skryvo/cursor-mcp-how-to-add-an-mcp-server-to-cursor-2ngc',
      says: 'Cursor’s documentation as of October 2026: the editor and the CLI read the same files; servers are switched in Customize → MCPs.',
    },
    {
      url: 'https://userjot.com/docs/mcp-cursor',
      says: 'A remote entry is url and headers; values may name variables as ${env:NAME}.',
    },
  ],
  disagreements: [
    'Until 2026 the switch was in Settings → MCP.',
    'Some guides name Application Support/Cursor/mcp.json; Cursor’s own documentation does not, so it is not used.',
  ],
};
