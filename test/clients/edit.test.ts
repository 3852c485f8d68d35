import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClientConfigManager } from '../../src/clients/index.ts';
import { CURSOR, MINE, setUp } from '../helpers/clients.ts';

describe('editing a client', () => {
  it('adds entries, keeps every other byte, and a removal restores the file', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    const done = await clients.editClientConfig('cursor', { servers: ['time'], profiles: ['web'] });
    expect(done).toMatchObject({
      changed: true,
      selection: { servers: ['time'], profiles: ['web'] },
    });
    const text = home.read(CURSOR);
    expect(text.startsWith(MINE.slice(0, MINE.indexOf(' // keep') + 8))).toBe(true);
    expect(text.endsWith('\n  },\n  "z": [1,2]\n}\n')).toBe(true);
    expect(JSON.parse(text.replace(/\/\/.*|,(?=\s*[}\]])/g, '')).mcpServers).toEqual({
      x: { command: 'x' },
      mcpm_time: { command: home.ctx.paths.launcher, args: ['run', 'time'] },
      mcpm_profile_web: { command: home.ctx.paths.launcher, args: ['profile', 'run', 'web'] },
    });
    await clients.editClientConfig('cursor', { servers: [], profiles: { remove: ['web'] } });
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it.each([
    '{}',
    '{ "mcpServers": {} }',
    '{\n  "mcpServers": {\n  }\n}',
    '{"a":1}\r\n',
    '\uFEFF{\r\n}\r\n',
  ])('restores %j too, where it had to create or open the section', async (original) => {
    const { home, clients } = setUp({ [CURSOR]: original });
    await clients.editClientConfig('cursor', { servers: { add: ['time'] } });
    await clients.editClientConfig('cursor', { servers: { add: ['docs'] } });
    expect((await clients.getClient('cursor')).servers).toEqual(['time', 'docs']);
    await clients.editClientConfig('cursor', { servers: { remove: ['time'] } });
    await clients.editClientConfig('cursor', { servers: { remove: ['docs'] } });
    expect(home.read(CURSOR)).toBe(original);
  });

  it('creates a private file where there is none, and nothing when there is nothing to do', async () => {
    const { home, clients } = setUp();
    await clients.editClientConfig('cursor', { servers: [] });
    expect(existsSync(join(home.dir, '.cursor'))).toBe(false);
    const { file } = await clients.editClientConfig('cursor', { servers: ['time'] });
    expect(file).toBe(join(home.dir, CURSOR));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await clients.editClientConfig('cursor', { servers: ['time'] });
    expect(again.changed).toBe(false);
  });

  it('keeps the mode of the file and the link that leads to it', async () => {
    const { home, clients } = setUp({ 'dotfiles/cursor.json': MINE });
    chmodSync(join(home.dir, 'dotfiles/cursor.json'), 0o640);
    mkdirSync(join(home.dir, '.cursor'));
    symlinkSync('../dotfiles/cursor.json', join(home.dir, CURSOR));
    await clients.editClientConfig('cursor', { servers: ['time'] });
    expect(lstatSync(join(home.dir, CURSOR)).isSymbolicLink()).toBe(true);
    expect(home.read('dotfiles/cursor.json')).toContain('mcpm_time');
    expect(statSync(join(home.dir, 'dotfiles/cursor.json')).mode & 0o777).toBe(0o640);
    await clients.undoClientEdit('cursor');
    expect(home.read('dotfiles/cursor.json')).toBe(MINE);
    expect(lstatSync(join(home.dir, CURSOR)).isSymbolicLink()).toBe(true);
  });

  it('knows MCPM v2’s entries as its own, under any name, and leaves look-alikes', async () => {
    const v2 = {
      mcpm_time: { command: 'mcpm', args: ['run', 'time'], disabled: true, note: 'kept' },
      renamed: { command: '/opt/bin/mcpm', args: ['profile', 'run', 'web'] },
      mcpm_fake: { command: 'other', args: ['run', 'time'] },
      other: { command: 'mcpm', args: ['doctor'] },
    };
    const { home, clients } = setUp({ [CURSOR]: JSON.stringify({ mcpServers: v2 }) });
    expect(await clients.getClient('cursor')).toMatchObject({
      servers: ['time'],
      profiles: ['web'],
      others: ['mcpm_fake', 'other'],
    });
    await clients.editClientConfig('cursor', { servers: ['time'], profiles: [] });
    const { mcpServers } = JSON.parse(home.read(CURSOR));
    expect(mcpServers).toEqual({
      mcpm_time: { ...v2.mcpm_time, command: home.ctx.paths.launcher },
      mcpm_fake: v2.mcpm_fake,
      other: v2.other,
    });
  });

  it('does not write over an entry of the person’s own unless told to', async () => {
    const text = '{"mcpServers":{"mcpm_time":{"command":"mine","extra":1}}}';
    const { home, clients } = setUp({ [CURSOR]: text });
    await expect(clients.editClientConfig('cursor', { servers: ['time'] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('mcpm_time'),
    });
    expect(home.read(CURSOR)).toBe(text);
    await clients.editClientConfig('cursor', { servers: ['time'] }, { force: true });
    expect(JSON.parse(home.read(CURSOR)).mcpServers.mcpm_time).toEqual({
      command: home.ctx.paths.launcher,
      extra: 1,
      args: ['run', 'time'],
    });
  });

  it('writes remote servers natively where the client can reach them and no secret leaves', async () => {
    const { home, clients } = setUp();
    const servers = ['docs', 'events', 'locked', 'keyed', 'time'];
    const { notes } = await clients.editClientConfig('windsurf', { servers }, { native: true });
    expect(JSON.parse(home.read('.codeium/windsurf/mcp_config.json')).mcpServers).toMatchObject({
      mcpm_docs: { serverUrl: 'https://example.com/mcp' },
      mcpm_events: { serverUrl: 'https://example.com/sse', headers: { 'X-A': '1' } },
      mcpm_locked: { args: ['run', 'locked'] },
      mcpm_time: { args: ['run', 'time'] },
    });
    expect(notes).toEqual(
      ['locked', 'keyed'].map(
        (name) => `${name} is reached through mcpm: its secrets stay with mcpm.`,
      ),
    );
    expect(home.read('.codeium/windsurf/mcp_config.json')).not.toContain('api_key');
    expect((await clients.getClient('windsurf')).servers).toEqual(servers);
    await clients.editClientConfig('windsurf', { servers: ['docs'] });
    expect(JSON.parse(home.read('.codeium/windsurf/mcp_config.json')).mcpServers).toEqual({
      mcpm_docs: { command: home.ctx.paths.launcher, args: ['run', 'docs'] },
    });
  });

  it('edits YAML lists, YAML maps and TOML tables by the same words', async () => {
    const continueYaml =
      'name: mine\nmcpServers:\n  - name: own # first\n    command: x\nrules: []\n';
    const gooseYaml =
      'extensions:\n  developer:\n    type: builtin # core\n    enabled: true\nGOOSE_MODE: auto\n';
    const codexToml = 'model = "m" # mine\n\n[mcp_servers.own]\ncommand = "x"\n\n[z]\na = 1\n';
    const files = {
      continue: ['.continue/config.yaml', continueYaml],
      'goose-cli': ['.config/goose/config.yaml', gooseYaml],
      'codex-cli': ['.codex/config.toml', codexToml],
    } as const;
    for (const [key, [path, text]] of Object.entries(files)) {
      const { home, clients } = setUp({ [path]: text });
      await clients.editClientConfig(key, { servers: ['time'], profiles: ['web'] });
      expect(await clients.getClient(key)).toMatchObject({ servers: ['time'], profiles: ['web'] });
      for (const line of text.split('\n')) expect(home.read(path).split('\n')).toContain(line);
      await clients.editClientConfig(key, { servers: [], profiles: [] });
      expect(home.read(path)).toBe(text);
    }
  });

  it('waits for the edits of others, so that none is lost', async () => {
    const { home, clients } = setUp({ [CURSOR]: MINE });
    const names = ['time', 'files', 'docs', 'events', 'locked'];
    await Promise.all(
      names.map((name) => clients.editClientConfig('cursor', { servers: { add: [name] } })),
    );
    expect([...(await clients.getClient('cursor')).servers].sort()).toEqual([...names].sort());
    await clients.editClientConfig('cursor', { servers: [] });
    expect(home.read(CURSOR)).toBe(MINE);
  });

  it('writes nothing over what another program wrote while it was at it', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    const theirs = MINE.replace('"x"', '"theirs"');
    // The clock is asked between the reading of the file and its replacement, for the name of the copy.
    const now = () => {
      home.write(CURSOR, theirs);
      return home.ctx.now();
    };
    const clients = new ClientConfigManager({ ...home.ctx, now });
    await expect(clients.editClientConfig('cursor', { servers: ['time'] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('changed by another program'),
    });
    expect(home.read(CURSOR)).toBe(theirs);
    expect(await clients.getClient('cursor')).toMatchObject({ servers: [] });
    await expect(clients.undoClientEdit('cursor')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('writes the project’s file, and the file a setting or the caller names', async () => {
    const { home, clients } = setUp({ 'work/.keep': '' });
    const inProject = new ClientConfigManager({ ...home.ctx, cwd: join(home.dir, 'work') });
    await inProject.editClientConfig('cursor', { servers: ['time'] }, { scope: 'project' });
    expect(home.read(`work/${CURSOR}`)).toContain('mcpm_time');
    expect(existsSync(join(home.dir, CURSOR))).toBe(false);
    home.write('.config/mcpm/config.json', '{"clients.CLAUDE_DESKTOP.path": "~/elsewhere/c.json"}');
    await clients.editClientConfig('claude-desktop', { servers: ['time'] });
    expect(home.read('elsewhere/c.json')).toContain('mcpm_time');
    expect((await clients.getClient('claude-desktop')).servers).toEqual(['time']);
    await clients.editClientConfig('claude-desktop', { servers: ['docs'] }, { file: 'other.json' });
    expect(home.read('other.json')).toContain('mcpm_docs');
    await expect(
      clients.editClientConfig('claude-desktop', { servers: ['time'] }, { scope: 'project' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    ['an unknown client', 'curser', {}, { code: 'NOT_FOUND', hint: 'Did you mean cursor?' }],
    [
      'an unknown server',
      'cursor',
      { servers: ['tim'] },
      { code: 'NOT_FOUND', hint: 'Did you mean time?' },
    ],
    [
      'an unknown profile',
      'cursor',
      { profiles: ['wub'] },
      { code: 'NOT_FOUND', hint: 'Did you mean web?' },
    ],
    [
      'an unknown server to remove',
      'cursor',
      { servers: { remove: ['nope'] } },
      { code: 'NOT_FOUND' },
    ],
    ['a client’s own extension', 'cursor', { servers: ['builtin'] }, { code: 'INVALID_INPUT' }],
    [
      'an exact list with changes',
      'cursor',
      { servers: { set: [], add: ['time'] } },
      { code: 'USAGE' },
    ],
    [
      'one name both ways',
      'cursor',
      { servers: { add: ['time'], remove: ['time'] } },
      { code: 'USAGE' },
    ],
  ])('refuses %s', async (_, client, selection, failure) => {
    const { home, clients } = setUp();
    await expect(clients.editClientConfig(client, selection)).rejects.toMatchObject(failure);
    expect(existsSync(join(home.dir, CURSOR))).toBe(false);
  });
});
