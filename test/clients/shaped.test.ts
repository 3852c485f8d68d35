import { describe, expect, test } from 'vitest';
import { CODEX, DISABLED, PLAIN, STDIO, TYPED_REMOTE } from '../../src/clients/codecs/common.ts';
import { shaped } from '../../src/clients/codecs/shaped.ts';
import type { Entry } from '../../src/clients/types.ts';

const stdio: Entry = { kind: 'stdio', command: 'mcpm', args: ['run', 'time'], env: {} };
const http: Entry = { kind: 'http', url: 'https://example.com/mcp', headers: { A: 'b' } };

describe('encoding', () => {
  test('leaves out an empty environment and empty headers', () => {
    expect(shaped(PLAIN).encode(stdio, 'x')).toEqual({ command: 'mcpm', args: ['run', 'time'] });
    expect(shaped(PLAIN).encode({ ...http, headers: {} }, 'x')).toEqual({ url: http.url });
  });

  test('keeps the order, the foreign fields and the disabled flag of what was there', () => {
    const before = {
      timeout: 5,
      disabled: true,
      command: 'old',
      env: { A: '1' },
      alwaysAllow: ['x'],
    };
    const after = shaped({ ...PLAIN, disabled: DISABLED }).encode(stdio, 'x', before);
    expect(Object.entries(after)).toEqual([
      ['timeout', 5],
      ['disabled', true],
      ['command', 'mcpm'],
      ['alwaysAllow', ['x']],
      ['args', ['run', 'time']],
    ]);
  });

  test('leaves nothing of the former transport', () => {
    const before = { type: 'sse', url: 'https://old', headers: { A: 'b' }, note: 1 };
    expect(shaped(TYPED_REMOTE).encode(stdio, 'x', before)).toEqual({
      note: 1,
      command: 'mcpm',
      args: ['run', 'time'],
    });
  });

  test('takes fields away that the other way of reaching a server alone understands', () => {
    const codec = shaped(CODEX);
    const shared = { startup_timeout_sec: 20, enabled_tools: ['a'] };
    const remote = { url: 'https://x', bearer_token_env_var: 'T', env_http_headers: { A: 'B' } };
    const local = { command: 'x', cwd: '/srv', env_vars: ['T'] };
    expect(codec.encode(stdio, 'x', { ...remote, ...shared })).toEqual({
      ...shared,
      command: 'mcpm',
      args: ['run', 'time'],
    });
    expect(codec.encode(http, 'x', { ...local, ...shared })).toEqual({
      ...shared,
      url: http.url,
      http_headers: http.headers,
    });
    expect(codec.encode(stdio, 'x', local)).toMatchObject({ cwd: '/srv', env_vars: ['T'] });
    expect(codec.encode(http, 'x', remote)).toMatchObject({ ...remote, url: http.url });
  });

  test('writes the flag when told to, in the client’s own polarity', () => {
    const enabled = shaped({ stdio: STDIO, disabled: { field: 'enabled', value: false } });
    expect(enabled.encode({ ...stdio, disabled: false }, 'x')).toMatchObject({ enabled: true });
    expect(enabled.encode({ ...stdio, disabled: true }, 'x')).toMatchObject({ enabled: false });
    expect(enabled.decode({ command: 'a', enabled: false })).toMatchObject({ disabled: true });
    expect(enabled.decode({ command: 'a' })).not.toHaveProperty('disabled');
  });

  test('gives first values to new entries and leaves them alone afterwards', () => {
    const codec = shaped({ stdio: STDIO, initial: () => ({ tools: ['*'] }) });
    expect(codec.encode(stdio, 'x')).toMatchObject({ tools: ['*'] });
    expect(codec.encode(stdio, 'x', { command: 'a', tools: [] })).toMatchObject({ tools: [] });
    expect(codec.encode(stdio, 'x', { command: 'a' })).not.toHaveProperty('tools');
  });

  test('a command with spaces is a list for a client that would split it', () => {
    const codec = shaped({ stdio: { ...STDIO, splits: true } });
    const spaced: Entry = { ...stdio, command: '/my tools/mcpm' };
    expect(codec.encode(spaced, 'x')).toMatchObject({ command: ['/my tools/mcpm'] });
    expect(codec.decode(codec.encode(spaced, 'x'))).toEqual(spaced);
    expect(codec.encode(stdio, 'x')).toMatchObject({ command: 'mcpm' });
  });

  test('a transport that the client lacks is an error that says the way out', () => {
    expect(() => shaped({ stdio: STDIO }).encode(http, 'x')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.stringContaining('mcpm') }),
    );
  });
});

describe('decoding', () => {
  test('tells SSE from Streamable HTTP by the type, and by the URL where there is none', () => {
    const kindOf = (value: unknown) => shaped(TYPED_REMOTE).decode(value)?.kind;
    expect(kindOf({ type: 'sse', url: 'https://a/mcp' })).toBe('sse');
    expect(kindOf({ type: 'streamable-http', url: 'https://a/sse' })).toBe('http');
    expect(kindOf({ url: 'https://a/sse?key=1' })).toBe('sse');
    expect(kindOf({ url: 'https://a/mcp' })).toBe('http');
  });

  test('tells them apart by the field where the client has one each', () => {
    const codec = shaped({
      stdio: STDIO,
      http: { url: 'httpUrl', headers: 'headers' },
      sse: { url: 'url', headers: 'headers' },
    });
    expect(codec.decode({ httpUrl: 'https://a/sse' })?.kind).toBe('http');
    expect(codec.decode({ url: 'https://a/mcp' })?.kind).toBe('sse');
  });

  test('reads a command that is a list, and values that are no strings', () => {
    const codec = shaped({ stdio: { command: 'command', args: null, env: 'environment' } });
    expect(
      codec.decode({ command: ['npx', '-y', 'x'], environment: { PORT: 1, OFF: null } }),
    ).toEqual({
      kind: 'stdio',
      command: 'npx',
      args: ['-y', 'x'],
      env: { PORT: '1' },
    });
  });

  test.each([[null], ['text'], [[]], [{}], [{ type: 'builtin' }], [{ command: '' }], [{ url: 7 }]])(
    'is nothing for %j',
    (value) => {
      expect(shaped(TYPED_REMOTE).decode(value)).toBeUndefined();
    },
  );
});
