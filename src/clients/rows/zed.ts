import { zedCodec } from '../codecs/zed.ts';
import { xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Zed: `context_servers` in the editor’s settings. */
export const zed: ClientRow = {
  key: 'zed',
  title: 'Zed',
  homepage: 'https://zed.dev',
  user: {
    ...xdg('zed/settings.json'),
    darwin: ['~/.config/zed/settings.json'],
    win32: ['%APPDATA%/Zed/settings.json'],
  },
  project: ['.zed/settings.json'],
  format: 'jsonc',
  section: ['context_servers'],
  members: 'map',
  codec: zedCodec,
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: {
      darwin: ['~/.config/zed', '/Applications/Zed.app'],
      win32: ['%APPDATA%/Zed'],
      linux: ['$XDG_CONFIG_HOME/zed', '~/.config/zed'],
    },
    executables: ['zed', 'zeditor'],
  },
  reload: 'Zed notices the change.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://zed.dev/docs/ai/mcp',
      says: '`context_servers` with command, args, env, or url and headers.',
    },
    {
      url: 'https://github.com/zed-industries/zed/blob/main/crates/settings_content/src/project.rs',
      says: 'Stdio {enabled, remote, command, args, env, timeout} or Http {enabled, url, headers}; earlier tagged by `source`.',
    },
    {
      url: 'https://github.com/zed-industries/zed/blob/main/crates/paths/src/paths.rs',
      says: '~/.config/zed on macOS, %APPDATA%/Zed on Windows, XDG_CONFIG_HOME/zed on Linux.',
    },
  ],
  disagreements: [
    'add-mcp writes Application Support/Zed on macOS; Zed’s source says ~/.config/zed there too.',
  ],
};
