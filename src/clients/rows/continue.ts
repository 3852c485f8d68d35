import { continueCodec } from '../codecs/continue.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Continue: a YAML list; a file it has not seen before needs name, version and schema. */
export const continueDev: ClientRow = {
  key: 'continue',
  title: 'Continue',
  homepage: 'https://continue.dev',
  user: everywhere('$CONTINUE_GLOBAL_DIR/config.yaml', '~/.continue/config.yaml'),
  project: ['.continue/mcpServers/mcpm.yaml', '.continue/config.yaml'],
  format: 'yaml',
  section: ['mcpServers'],
  members: { namedBy: 'name' },
  codec: continueCodec,
  disabledElsewhere: null,
  newFile: 'name: MCPM\nversion: 1.0.0\nschema: v1\n',
  detect: {
    folders: everywhere('~/.continue'),
    executables: ['cn'],
  },
  reload: 'Continue notices the change; if not, reload the window.',
  startedFrom: 'desktop',
  sources: [
    {
      url: 'https://github.com/continuedev/continue/blob/main/packages/config-yaml/src/schemas/mcp/index.ts',
      says: 'name, command, args, env, cwd; or url with type sse or streamable-http and requestOptions.headers.',
    },
    {
      url: 'https://github.com/continuedev/continue/blob/main/docs/customize/deep-dives/mcp.mdx',
      says: '`mcpServers` in config.yaml; per workspace a file with name, version, schema in .continue/mcpServers/.',
    },
    {
      url: 'https://github.com/continuedev/continue/blob/main/core/util/paths.ts',
      says: 'CONTINUE_GLOBAL_DIR replaces ~/.continue.',
    },
  ],
  disagreements: [
    'MCPM v2 writes a workspace’s .continue/config.yaml; Continue documents .continue/mcpServers/*.yaml: the former is used where it exists.',
  ],
};
