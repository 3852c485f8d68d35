import { DISABLED, REMOTE, STDIO } from '../codecs/common.ts';
import { type Fields, isFields, record, shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Mistral Vibe: an array of TOML tables, each with a name. */
export const mistralVibe: ClientRow = {
  key: 'mistral-vibe',
  title: 'Mistral Vibe',
  homepage: 'https://github.com/mistralai/mistral-vibe',
  user: everywhere('$VIBE_HOME/config.toml', '~/.vibe/config.toml'),
  project: ['.vibe/config.toml'],
  format: 'toml',
  section: ['mcp_servers'],
  members: { namedBy: 'name' },
  codec: shaped({
    stdio: { ...STDIO, splits: true },
    http: REMOTE,
    type: {
      field: 'transport',
      writes: { stdio: 'stdio', http: 'streamable-http' },
      reads: { http: 'http' },
    },
    disabled: DISABLED,
    named: ['name'],
    ownHeaders,
  }),
  disabledElsewhere: null,
  newFile: '',
  detect: {
    folders: everywhere('$VIBE_HOME', '~/.vibe'),
    executables: ['vibe'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://github.com/mistralai/mistral-vibe/blob/main/README.md',
      says: '[[mcp_servers]] with name, transport stdio, http or streamable-http, command/args/env or url/headers; VIBE_HOME; .vibe/config.toml first.',
    },
    {
      url: 'https://pypi.org/project/mistral-vibe/',
      says: '3.0.2, `vibe mcp add` writes env as a sub-table; vibe/core/config/models.py has `disabled`, and splits a command at spaces.',
    },
  ],
  disagreements: ['A later project file replaces the user’s wholly in older versions.'],
};

/** `auth` of type static holds headers, and a key's variable with its header and form; older entries have them at the top. */
function ownHeaders(value: Fields): Readonly<Record<string, string>> {
  const { headers, api_key_env, api_key_header, api_key_format } = isFields(value.auth)
    ? value.auth
    : value;
  if (typeof api_key_env !== 'string' || api_key_env === '') return record(headers);
  const form = typeof api_key_format === 'string' ? api_key_format : 'Bearer {token}';
  const key = {
    [typeof api_key_header === 'string' ? api_key_header : 'Authorization']: form.replace(
      '{token}',
      `\${${api_key_env}}`,
    ),
  };
  return { ...key, ...record(headers) };
}
