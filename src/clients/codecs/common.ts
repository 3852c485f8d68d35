/** The shapes that many clients share, and the parts that others are made of. */
import type { DisabledFlag } from '../types.ts';
import type { RemoteFields, Shape, StdioFields } from './shaped.ts';

/** `command`, `args`, `env`: what nearly every client writes. */
export const STDIO: StdioFields = { command: 'command', args: 'args', env: 'env' };

/** `url`, `headers`. */
export const REMOTE: RemoteFields = { url: 'url', headers: 'headers' };

/** `disabled: true`. */
export const DISABLED: DisabledFlag = { field: 'disabled', value: true };

/** The shape that Claude Desktop began and Cursor extended by URLs; it does not say which of the two remote transports is meant. */
export const PLAIN: Shape = { stdio: STDIO, http: REMOTE, sse: REMOTE };

/** {@link PLAIN} with a `type` of `stdio`, `http` or `sse` on remote entries. */
export const TYPED_REMOTE: Shape = {
  ...PLAIN,
  type: {
    field: 'type',
    writes: { http: 'http', sse: 'sse' },
    reads: { 'streamable-http': 'http', streamableHttp: 'http', streamable_http: 'http' },
  },
};
