import { TYPED_LONG } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** LibreChat: the configuration of one installation, so a project file only. */
export const libreChat: ClientRow = {
  key: 'librechat',
  title: 'LibreChat',
  homepage: 'https://www.librechat.ai',
  user: everywhere(),
  project: ['librechat.yaml'],
  format: 'yaml',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped({
    ...TYPED_LONG,
    type: {
      field: 'type',
      writes: { stdio: 'stdio', http: 'streamable-http', sse: 'sse' },
      reads: { http: 'http' },
    },
  }),
  disabledElsewhere: null,
  newFile: 'version: 1.3.14\n',
  detect: {
    folders: everywhere(),
    executables: [],
  },
  reload: 'Restart the LibreChat server.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/mcp_servers',
      says: '`mcpServers` map; type stdio, sse, streamable-http or websocket; told from url or command when absent.',
    },
    {
      url: 'https://www.librechat.ai/docs/configuration/librechat_yaml/example',
      says: 'librechat.yaml in the installation’s root, with a version.',
    },
  ],
  disagreements: [],
};
