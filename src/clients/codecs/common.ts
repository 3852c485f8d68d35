/** The shapes that many clients share, and the parts that others are made of. */
import type { DisabledFlag } from '../types.ts';
import { type RemoteFields, record, type Shape, type StdioFields } from './shaped.ts';

/** `command`, `args`, `env`: what nearly every client writes. */
export const STDIO: StdioFields = { command: 'command', args: 'args', env: 'env' };

/** `url`, `headers`. */
export const REMOTE: RemoteFields = { url: 'url', headers: 'headers' };

/** `disabled: true`. */
export const DISABLED: DisabledFlag = { field: 'disabled', value: true };

/** `enabled: false`. */
export const NOT_ENABLED: DisabledFlag = { field: 'enabled', value: false };

/** The words for Streamable HTTP that are in use. */
const HTTP_WORDS = {
  http: 'http',
  'streamable-http': 'http',
  streamable_http: 'http',
  streamableHttp: 'http',
  sse: 'sse',
} as const;

/** The shape that Claude Desktop began and Cursor extended by URLs; it does not say which of the two remote transports is meant. */
export const PLAIN: Shape = { stdio: STDIO, http: REMOTE, sse: REMOTE };

/** {@link PLAIN} with a `type` of `http` or `sse` on remote entries. */
export const TYPED_REMOTE: Shape = {
  ...PLAIN,
  type: { field: 'type', writes: { http: 'http', sse: 'sse' }, reads: HTTP_WORDS },
};

/** {@link PLAIN} with a `type` of `stdio`, `http` or `sse` on every entry. */
export const TYPED: Shape = {
  ...PLAIN,
  type: { field: 'type', writes: { stdio: 'stdio', http: 'http', sse: 'sse' }, reads: HTTP_WORDS },
};

/** {@link PLAIN} with a `type` of `streamable-http` or `sse` on remote entries. */
export const TYPED_LONG: Shape = {
  ...PLAIN,
  type: { field: 'type', writes: { http: 'streamable-http', sse: 'sse' }, reads: HTTP_WORDS },
};

/** Windsurf's and its heirs': the URL is called `serverUrl`. */
export const SERVER_URL: Shape = {
  stdio: STDIO,
  http: { url: 'serverUrl', headers: 'headers' },
  sse: { url: 'serverUrl', headers: 'headers' },
  urlAliases: ['url'],
  disabled: DISABLED,
};

/** Gemini CLI's and its heirs': a field for each remote transport. */
export const HTTP_URL: Shape = {
  stdio: STDIO,
  http: { url: 'httpUrl', headers: 'headers' },
  sse: REMOTE,
  type: { field: 'type', writes: {}, reads: HTTP_WORDS },
};

/** OpenCode's and its heirs': the command is a list that holds the arguments. */
export const COMMAND_LIST: Shape = {
  stdio: { command: 'command', args: null, env: 'environment' },
  http: REMOTE,
  sse: REMOTE,
  type: { field: 'type', writes: { stdio: 'local', http: 'remote', sse: 'remote' } },
  disabled: NOT_ENABLED,
};

/** Codex's and its heirs' TOML tables. */
export const CODEX: Shape = {
  stdio: STDIO,
  http: { url: 'url', headers: 'http_headers' },
  disabled: NOT_ENABLED,
  ownHeaders: ({ bearer_token_env_var, env_http_headers }) => {
    const variables = Object.entries(record(env_http_headers));
    return {
      ...(typeof bearer_token_env_var === 'string'
        ? { Authorization: `Bearer \${${bearer_token_env_var}}` }
        : {}),
      ...Object.fromEntries(variables.map(([header, name]) => [header, `\${${name}}`])),
    };
  },
};
