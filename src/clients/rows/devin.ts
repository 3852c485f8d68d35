import { PLAIN } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Devin Desktop (Windsurf until June 2026) and Devin CLI: one file for both; the transport has a field of its own. */
export const devin: ClientRow = {
  key: 'devin',
  title: 'Devin Desktop and CLI',
  homepage: 'https://devin.ai',
  user: {
    ...everywhere('~/.config/devin/mcp_config.json'),
    win32: ['%APPDATA%/devin/mcp_config.json'],
  },
  project: ['.devin/mcp_config.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...PLAIN,
    type: {
      field: 'transport',
      writes: { http: 'http', sse: 'sse' },
      reads: { http: 'http', sse: 'sse' },
    },
    untyped: 'http',
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: { ...everywhere('~/.config/devin'), win32: ['%APPDATA%/devin'] },
    executables: ['devin'],
  },
  reload: 'Start a new session.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://docs.devin.ai/cli/extensibility/mcp/configuration.md',
      says: '`mcpServers`: command/args/env, or url/headers with transport http or sse; a URL alone is Streamable HTTP.',
    },
    {
      url: 'https://docs.sevalla.com/ai-agents/windsurf',
      says: 'Devin Desktop reads ~/.config/devin/mcp_config.json, on Windows %APPDATA%\\\\devin, and .devin/mcp_config.json in projects.',
    },
    {
      url: 'https://docs.browserless.io/mcp/clients/windsurf',
      says: 'From 3.9.19 on the desktop’s agent reads the CLI’s file; url, transport and headers.',
    },
  ],
  disagreements: [
    'The CLI’s own page names ~/.config/devin/config.json and .devin/config.json, as it used to be; guides of October 2026 found `devin mcp add -s user` to write mcp_config.json, which is used.',
  ],
};
