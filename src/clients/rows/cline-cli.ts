import { CLINE_SETTINGS, clineCodec } from '../codecs/cline.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Cline CLI: the file that all Cline programs share. */
export const clineCli: ClientRow = {
  key: 'cline-cli',
  title: 'Cline CLI',
  homepage: 'https://cline.bot',
  user: CLINE_SETTINGS,
  project: [],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: clineCodec,
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('~/.cline'),
    executables: ['cline'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://github.com/cline/cline/blob/main/sdk/packages/shared/src/storage/paths.ts',
      says: 'CLINE_MCP_SETTINGS_PATH, else CLINE_DATA_DIR, else CLINE_DIR, else ~/.cline.',
    },
    {
      url: 'https://www.npmjs.com/package/cline',
      says: '3.0.65, `cline mcp add --yes`: writes `{transport: {type, command, args}}` and `{transport: {type: "streamableHttp", url, headers}}`.',
    },
  ],
  disagreements: [],
};
