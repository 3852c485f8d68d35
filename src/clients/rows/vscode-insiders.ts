import { TYPED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** VS Code Insiders: as VS Code, in its own folder. */
export const vscodeInsiders: ClientRow = {
  key: 'vscode-insiders',
  title: 'VS Code Insiders',
  homepage: 'https://code.visualstudio.com/insiders',
  user: appData('Code - Insiders/User/mcp.json'),
  project: ['.vscode/mcp.json'],
  format: 'jsonc',
  section: ['servers'],
  members: 'map',
  codec: shaped(TYPED),
  disabledElsewhere: 'Stopped servers are application state.',
  newFile: '',
  detect: {
    folders: appData('Code - Insiders/User'),
    executables: ['code-insiders'],
  },
  reload: 'Run “MCP: List Servers” and start the server, or set chat.mcp.autostart.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/microsoft/vscode-docs/blob/main/docs/copilot/customization/mcp-servers.md',
      says: '`servers` in mcp.json of the user profile (MCP: Open User Configuration) and in .vscode/mcp.json; type stdio, http, sse; `inputs` beside it.',
    },
    {
      url: 'https://gist.github.com/danielrosehill/ec279319741ed74143052ddce9132b1e',
      says: 'The Insiders folder is “Code - Insiders” beside “Code”.',
    },
  ],
  disagreements: [],
};
