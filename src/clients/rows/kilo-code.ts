import { COMMAND_LIST } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { appData, either, xdg } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Kilo Code (CLI and extension of 2026): built on OpenCode, with its form. */
export const kiloCode: ClientRow = {
  key: 'kilo-code',
  title: 'Kilo Code',
  homepage: 'https://kilo.ai',
  user: xdg('kilo/kilo.jsonc', 'kilo/kilo.json'),
  project: ['kilo.jsonc', 'kilo.json', '.kilo/kilo.jsonc', '.kilo/kilo.json'],
  format: 'jsonc',
  section: ['mcp'],
  members: 'map',
  codec: shaped(COMMAND_LIST),
  disabledElsewhere: null,
  newFile: '{\n  "$schema": "https://app.kilo.ai/config.json"\n}\n',
  detect: {
    folders: either(xdg('kilo'), appData('Code/User/globalStorage/kilocode.kilo-code')),
    executables: ['kilo', 'kilocode'],
  },
  reload: 'Start a new session.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@kilocode/cli',
      says: '7.7.9, `kilo mcp add`: writes ~/.config/kilo/kilo.jsonc, `mcp` with type local or remote.',
    },
    {
      url: 'https://www.npmjs.com/package/add-mcp',
      says: 'kilo.jsonc and kilo.json, also in .kilo/.',
    },
  ],
  disagreements: [
    'Before 7 the extension kept mcpServers in globalStorage/kilocode.kilo-code/settings/mcp_settings.json in Roo Code’s form: not written any more.',
  ],
};
