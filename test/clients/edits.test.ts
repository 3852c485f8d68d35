import { describe, expect, test } from 'vitest';
import {
  CLIENT_KEYS,
  CLIENTS,
  type ClientRow,
  type Entry,
  entriesOf,
  entryPath,
} from '../../src/clients/index.ts';
import { formatOf } from '../../src/edit/index.ts';
import { fixtureKeys, readFixture } from './fixtures.ts';

const run: Entry = { kind: 'stdio', command: 'mcpm', args: ['run', 'fetch'], env: {} };
const linear: Entry = {
  kind: 'http',
  url: 'https://mcp.linear.app/mcp',
  headers: { Authorization: 'Bearer token' },
};

test('every client has a fixture, and every fixture a client', () => {
  expect([...fixtureKeys()].sort()).toEqual([...CLIENT_KEYS].sort());
});

describe.each(CLIENT_KEYS.map((key) => [key, CLIENTS[key]] as const))('%s', (key, row) => {
  const fixture = readFixture(key);

  test('our entry is added to the bytes that the client wrote', async () => {
    expect(await put(row, fixture.before, 'mcpm_fetch', run)).toBe(fixture.afterAdd);
  });

  test('a remote entry is written as the client writes its own', async () => {
    if (row.codec.transports.includes('http'))
      expect(await put(row, fixture.before, 'linear', linear)).toBe(fixture.afterRemote);
    else expect(fixture.afterRemote).toBeUndefined();
  });

  test('one entry is removed and nothing else', async () => {
    const gone = await removedName(row, fixture);
    expect(await take(row, fixture.before, gone)).toBe(fixture.afterRemove);
  });

  test('what was added is removed to the byte', async () => {
    expect(await take(row, fixture.afterAdd, 'mcpm_fetch')).toBe(fixture.before);
  });

  test('every entry of the fixture is understood, and a rewrite of it as it is changes nothing', async () => {
    for (const { name, value } of await entries(row, fixture.before)) {
      if (isBuiltin(value)) continue;
      const entry = row.codec.decode(value);
      if (entry === undefined) throw new Error(`${key} does not decode ${name}`);
      if (!row.codec.transports.includes(entry.kind)) continue;
      expect(row.codec.decode(row.codec.encode(entry, name, value))).toEqual(entry);
    }
  });

  test('a file that this program creates is valid and holds the entry alone', async () => {
    const text = await put(row, row.newFile, 'mcpm_fetch', run);
    expect((await entries(row, text)).map(({ name }) => name)).toEqual(['mcpm_fetch']);
    expect(text.endsWith('\n')).toBe(true);
  });
});

async function entries(row: ClientRow, text: string) {
  return entriesOf(row, (await formatOf(row.format)).parse(text, row.key));
}

async function put(row: ClientRow, text: string, name: string, entry: Entry): Promise<string> {
  const format = await formatOf(row.format);
  return format.set(text, entryPath(row, name), row.codec.encode(entry, name), row.key);
}

async function take(row: ClientRow, text: string, name: string): Promise<string> {
  const format = await formatOf(row.format);
  return format.remove(text, entryPath(row, name), row.key);
}

/** The entry that the fixture’s after-remove lacks. */
async function removedName(
  row: ClientRow,
  { before, afterRemove }: { before: string; afterRemove: string },
) {
  const left = new Set((await entries(row, afterRemove)).map(({ name }) => name));
  const gone = (await entries(row, before)).filter(({ name }) => !left.has(name));
  expect(gone).toHaveLength(1);
  return gone[0]?.name ?? '';
}

/** Goose keeps its built-ins among the extensions. */
function isBuiltin(value: unknown): boolean {
  return (value as { type?: unknown }).type === 'builtin';
}
