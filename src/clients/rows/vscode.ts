import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** VS Code: its own file since 1.102, `servers` with a type each, and `inputs` beside them. */
export const vscode: ClientRow = {
  key: 'vscode',
  title: 'VS Code',
  homepage: 'https://code.visualstudio.com',
  user: appData('Code/User/mcp.json'),
  project: ['.vscode/mcp.json'],
  format: 'jsonc',
  section: ['servers'],
  members: 'map',
  codec: shaped(TYPED),
  disabledElsewhere: 'Stopped servers are application state.',
  newFile: '',
  detect: {
    folders: appData('Code/User'),
    executables: ['code'],
  },
  reload: 'Run “MCP: List Servers” and start the server, or set chat.mcp.autostart.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/microsoft/vscode-docs/blob/main/docs/copilot/customization/mcp-servers.md',
      says: '`servers` in mcp.json of the user profile (MCP: Open User Configuration) and in .vscode/mcp.json; type stdio, http, sse; `inputs` beside it.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'Code/User/mcp.json below Application Support, %APPDATA% and XDG_CONFIG_HOME.',
    },
  ],
  disagreements: [
    'Until 1.101 the servers were in settings.json under `mcp.servers`; VS Code moved them itself.',
    'Other profiles than the default keep theirs in profiles/<id>/mcp.json: set the path for those.',
  ],
};
