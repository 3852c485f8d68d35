import { NOT_ENABLED } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Goose, CLI and desktop: extensions, of which MCP servers are some; its built-ins are left alone. */
export const gooseCli: ClientRow = {
  key: 'goose-cli',
  title: 'Goose',
  homepage: 'https://goose-docs.ai',
  user: { ...xdg('goose/config.yaml'), win32: ['%APPDATA%/Block/goose/config/config.yaml'] },
  project: ['.goose/config.yaml'],
  format: 'yaml',
  section: ['extensions'],
  members: 'map',
  codec: shaped({
    stdio: { command: 'cmd', args: 'args', env: 'envs' },
    http: { url: 'uri', headers: 'headers' },
    type: {
      field: 'type',
      writes: { stdio: 'stdio', http: 'streamable_http' },
      reads: { sse: 'sse' },
    },
    disabled: NOT_ENABLED,
    named: ['name'],
    initial: () => ({ description: '', enabled: true, timeout: 300 }),
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: { ...xdg('goose'), win32: ['%APPDATA%/Block/goose'] },
    executables: ['goose'],
  },
  reload: 'Start a new session.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/aaif-goose/goose/blob/main/documentation/docs/guides/config-files.md',
      says: 'File on macOS, Linux and Windows; stdio: cmd, args, envs, timeout; streamable_http: uri, headers; enabled; SSE is not supported any more.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'The Linux file is below XDG_CONFIG_HOME; entries carry name, description, enabled, timeout.',
    },
  ],
  disagreements: [
    'MCPM v2 writes type sse too; Goose dropped SSE: such entries are read, not written.',
    'A workspace’s .goose/config.yaml is MCPM v2’s; Goose’s documentation has no project file.',
  ],
};
