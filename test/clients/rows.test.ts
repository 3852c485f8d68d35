import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEYS, CLIENTS, type Entry, type RemoteEntry } from '../../src/clients/index.ts';
import { renderFiles } from './render-files.ts';

const rows = CLIENT_KEYS.map((key) => [key, CLIENTS[key]] as const);
const pinned = readFileSync(new URL('../fixtures/clients/files.txt', import.meta.url), 'utf8');

test('the clients and their files on three systems are these', () => {
  expect(renderFiles()).toBe(pinned);
});

test('the clients of MCPM v2 are there under their old keys', () => {
  const old = [
    'claude-desktop',
    'claude-code',
    'cursor',
    'windsurf',
    'vscode',
    'cline',
    'roo-code',
    'continue',
    'goose-cli',
    '5ire',
    'trae',
    'gemini-cli',
    'qwen-cli',
    'codex-cli',
  ];
  expect(CLIENT_KEYS.slice(0, old.length)).toEqual(old);
});

describe.each(rows)('%s', (key, row) => {
  test('its row is filled in', () => {
    expect(row.key).toBe(key);
    expect(row.title).not.toBe('');
    const urls = [row.homepage, ...row.sources.map(({ url }) => url)].map((url) => new URL(url));
    for (const url of urls) {
      expect(url.protocol).toBe('https:');
      expect(url.hostname, 'a row as scaffolded').not.toBe('example.com');
    }
    expect(row.section.length).toBeGreaterThan(0);
    expect(row.reload).toMatch(/\.$/);
    expect(row.sources.length).toBeGreaterThan(0);
    for (const source of row.sources) {
      expect(source.says).not.toBe('');
    }
    for (const path of row.project) expect(path).not.toMatch(/^[/~$%]/);
  });

  test('a process survives the way into the file and back', () => {
    const entry: Entry = {
      kind: 'stdio',
      command: 'npx',
      args: ['-y', 'some server', '--flag=1'],
      env: { TOKEN: 'a b', EMPTY: '' },
    };
    expect(row.codec.decode(row.codec.encode(entry, 'srv'))).toMatchObject(entry);
    const bare: Entry = { kind: 'stdio', command: '/opt/my tools/mcpm', args: [], env: {} };
    expect(row.codec.decode(row.codec.encode(bare, 'srv'))).toMatchObject(bare);
  });

  test('a remote server survives it too, and what the client cannot hold is refused', () => {
    for (const kind of ['http', 'sse'] as const) {
      const url = kind === 'sse' ? 'https://example.com/sse' : 'https://example.com/mcp';
      const entry: RemoteEntry = { kind, url, headers: { Authorization: 'Bearer x' } };
      if (row.codec.transports.includes(kind))
        expect(row.codec.decode(row.codec.encode(entry, 'srv'))).toMatchObject(entry);
      else expect(() => row.codec.encode(entry, 'srv')).toThrow(/cannot hold/);
    }
  });

  test('the disabled flag and unknown fields survive a replacement', () => {
    const entry: Entry = { kind: 'stdio', command: 'a', args: ['b'], env: {} };
    const flag = row.codec.disabled;
    const off = flag === null ? {} : { [flag.field]: flag.value };
    const before = { ...row.codec.encode(entry, 'srv'), ...off, 'x-foreign': { deep: [1] } };
    const after = row.codec.encode({ ...entry, command: 'c', env: { A: '1' } }, 'srv', before);
    expect(after).toMatchObject({ ...off, 'x-foreign': { deep: [1] } });
    expect(row.codec.decode(after)).toMatchObject({ command: 'c', env: { A: '1' } });
    if (flag === null) return;
    expect(row.codec.decode(after)?.disabled).toBe(true);
    const on = row.codec.encode({ ...entry, disabled: false }, 'srv', after);
    expect(row.codec.decode(on)?.disabled).toBe(false);
    expect(row.codec.decode(row.codec.encode({ ...entry, disabled: true }, 'srv'))?.disabled).toBe(
      true,
    );
  });

  test('nothing of a process is left once it is a URL, and the other way round', () => {
    if (!row.codec.transports.includes('http')) return;
    const stdio: Entry = { kind: 'stdio', command: 'a', args: ['b'], env: { A: '1' } };
    const http: Entry = { kind: 'http', url: 'https://example.com/mcp', headers: { B: '2' } };
    const there = row.codec.encode(http, 'srv', row.codec.encode(stdio, 'srv'));
    expect(row.codec.decode(there)).toMatchObject(http);
    const back = row.codec.encode(stdio, 'srv', there);
    expect(row.codec.decode(back)).toMatchObject(stdio);
    expect(JSON.stringify(back)).not.toContain('example.com');
    expect(JSON.stringify(there)).not.toContain('"b"');
  });
});
