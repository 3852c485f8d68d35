import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** VS Code Server: the remote side of VS Code (SSH, WSL, containers); its servers run where this program runs. */
export const vscodeServer: ClientRow = {
  key: 'vscode-server',
  title: 'VS Code Server (remote, WSL)',
  homepage: 'https://code.visualstudio.com/docs/remote/vscode-server',
  user: everywhere(
    '~/.vscode-server/data/User/mcp.json',
    '~/.vscode-server-insiders/data/User/mcp.json',
  ),
  project: ['.vscode/mcp.json'],
  format: 'jsonc',
  section: ['servers'],
  members: 'map',
  codec: shaped(TYPED),
  disabledElsewhere: 'Stopped servers are application state.',
  newFile: '',
  detect: {
    folders: everywhere('~/.vscode-server', '~/.vscode-server-insiders'),
    executables: [],
  },
  reload: 'Run “MCP: List Servers” and start the server, or set chat.mcp.autostart.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/microsoft/vscode-docs/blob/main/docs/copilot/customization/mcp-servers.md',
      says: '`servers` in mcp.json of the user profile (MCP: Open User Configuration) and in .vscode/mcp.json; type stdio, http, sse; `inputs` beside it.',
    },
    {
      url: 'https://github.com/microsoft/vscode/issues/256546',
      says: 'The remote user file is ~/.vscode-server/data/User/mcp.json (MCP: Open Remote User Configuration).',
    },
  ],
  disagreements: [],
};
