import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addBackup } from '../../src/clients/backups.ts';
import { CURSOR, MINE, setUp } from '../helpers/clients.ts';

describe('a file that cannot be edited', () => {
  it('is refused with its place when it does not parse, and stays as it is', async () => {
    const text = '{\n  "mcpServers": {\n    "a": 1\n    "b": 2\n}';
    const { home, clients } = setUp({ [CURSOR]: text });
    await expect(clients.editClientConfig('cursor', { servers: ['time'] })).rejects.toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringContaining(`${join(home.dir, CURSOR)}:4:5`),
    });
    expect(home.read(CURSOR)).toBe(text);
    expect((await clients.getClient('cursor')).problem).toContain(':4:5');
  });

  it('is refused when it is a directory, not UTF-8, or of another shape', async () => {
    const { home, clients } = setUp();
    const edit = () => clients.editClientConfig('cursor', { servers: ['time'] });
    mkdirSync(join(home.dir, CURSOR), { recursive: true });
    await expect(edit()).rejects.toMatchObject({ code: 'CONFIG_ACCESS' });
    const other = home.write('.codeium/windsurf/mcp_config.json', '');
    writeFileSync(other, Buffer.from([0x7b, 0xff, 0x7d]));
    const bytes = () => clients.editClientConfig('windsurf', { servers: ['time'] });
    await expect(bytes()).rejects.toMatchObject({ code: 'CONFIG_SYNTAX' });
    home.write('.codeium/windsurf/mcp_config.json', '{"mcpServers": ["x"]}');
    await expect(bytes()).rejects.toMatchObject({ code: 'CONFIG_SHAPE' });
    expect(home.read('.codeium/windsurf/mcp_config.json')).toBe('{"mcpServers": ["x"]}');
  });

  it('is refused when its links lead nowhere, or its folder is a file', async () => {
    const { home, clients } = setUp({ '.codeium': 'a file' });
    mkdirSync(join(home.dir, '.cursor'));
    symlinkSync('mcp.json', join(home.dir, CURSOR));
    for (const client of ['cursor', 'windsurf'])
      await expect(clients.editClientConfig(client, { servers: ['time'] })).rejects.toMatchObject({
        code: 'CONFIG_ACCESS',
      });
    expect(lstatSync(join(home.dir, CURSOR)).isSymbolicLink()).toBe(true);
    expect(home.read('.codeium')).toBe('a file');
  });

  it.skipIf(process.getuid?.() === 0)('is refused when it cannot be read', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    chmodSync(join(home.dir, CURSOR), 0o000);
    await expect(clients.editClientConfig('cursor', { servers: ['time'] })).rejects.toMatchObject({
      code: 'CONFIG_ACCESS',
    });
  });
});

describe('copies and undo', () => {
  it('goes back edit by edit, byte for byte, to before the file existed', async () => {
    const { home, clients } = setUp();
    await clients.editClientConfig('cursor', { servers: ['time'] });
    const first = home.read(CURSOR);
    await clients.editClientConfig('cursor', { servers: ['time', 'docs'] });
    await clients.undoClientEdit('cursor');
    expect(home.read(CURSOR)).toBe(first);
    await clients.undoClientEdit('cursor');
    expect(existsSync(join(home.dir, CURSOR))).toBe(false);
    await expect(clients.undoClientEdit('cursor')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('does not undo over what someone else wrote since, unless told to, and then keeps it', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    await clients.editClientConfig('cursor', { servers: ['time'] });
    const theirs = home.read(CURSOR).replace('"z"', '"y"');
    home.write(CURSOR, theirs);
    await expect(clients.undoClientEdit('cursor')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(home.read(CURSOR)).toBe(theirs);
    await clients.undoClientEdit('cursor', { force: true });
    expect(home.read(CURSOR)).toBe(MINE);
    const folder = join(home.ctx.paths.backupsDir, 'clients');
    const kept = readdirSync(folder).map((name) =>
      join('.mcpm/backups/clients', name, 'undone.json'),
    );
    expect(home.read(kept[0] ?? '')).toBe(theirs);
  });

  it('passes over the copy of an edit that was cut short before it wrote', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    await clients.editClientConfig('cursor', { servers: ['time'] });
    const edited = home.read(CURSOR);
    await addBackup(home.ctx, join(home.dir, CURSOR), edited, 'never written');
    await clients.undoClientEdit('cursor');
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it('keeps the last 10 copies of a file, private', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    for (let n = 0; n < 13; n++)
      await clients.editClientConfig('cursor', { servers: n % 2 === 0 ? ['time'] : [] });
    const folder = join(home.ctx.paths.backupsDir, 'clients');
    const [name = ''] = readdirSync(folder);
    const copies = readdirSync(join(folder, name)).filter((file) => /^2026/.test(file));
    expect(copies).toHaveLength(10);
    for (const copy of copies) expect(statSync(join(folder, name, copy)).mode & 0o777).toBe(0o600);
  });

  it('leaves no lock and no temporary file in the client’s folder', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    await Promise.all(
      ['time', 'docs', 'files'].map((name) =>
        clients.editClientConfig('cursor', { servers: { add: [name] } }),
      ),
    );
    expect([...(await clients.getClient('cursor')).servers].sort()).toEqual([
      'docs',
      'files',
      'time',
    ]);
    expect(readdirSync(join(home.dir, '.cursor'))).toEqual(['mcp.json']);
  });
});
