import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { either, everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Warp: file-based servers, besides those in its own settings. */
export const warp: ClientRow = {
  key: 'warp',
  title: 'Warp',
  homepage: 'https://www.warp.dev',
  user: everywhere('~/.warp/.mcp.json'),
  project: ['.warp/.mcp.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(PLAIN),
  disabledElsewhere: 'Started and stopped in Settings → MCP servers.',
  newFile: '',
  detect: {
    folders: either(everywhere('~/.warp'), {
      darwin: ['/Applications/Warp.app'],
      win32: ['%LOCALAPPDATA%/Programs/Warp'],
      linux: [],
    }),
    executables: ['warp-terminal', 'oz'],
  },
  reload: 'Start the server in Settings → MCP servers.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://www.skills.sh/warpdotdev/warp/agent-add-mcp',
      says: 'Warp’s own skill: ~/.warp/.mcp.json and .warp/.mcp.json.',
    },
    {
      url: 'https://docs.warp.dev/agents/capabilities/mcp.md',
      says: 'stdio, Streamable HTTP and SSE, headers, env, working_directory.',
    },
  ],
  disagreements: [],
};
