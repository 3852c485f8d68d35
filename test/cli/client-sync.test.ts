import { describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { CURSOR, MINE, setUp } from '../helpers/clients.ts';

const WINDSURF = '.codeium/windsurf/mcp_config.json';

describe('mcpm client sync', () => {
  it('has nothing to do after an edit, and writes again what a client lost', async () => {
    const { home } = setUp({ [CURSOR]: MINE, [WINDSURF]: '{}' });
    await runCli(home, 'client edit cursor --add-server time,docs --native');
    await runCli(home, 'client edit windsurf --set-profiles web');
    const edited = home.read(CURSOR);
    expect(await runCli(home, 'client sync --check')).toMatchObject({ exitCode: 0 });
    home.write(CURSOR, MINE);
    const check = await runCli(home, 'client sync --check');
    expect(check.exitCode).toBe(14);
    expect(check.stdout).toContain('add mcpm_time');
    expect(home.read(CURSOR)).toBe(MINE);
    const json = await runCli(home, 'client sync --check --json');
    expect(json.json<{ clients: unknown[] }>().clients).toMatchObject([
      { client: 'cursor', changes: [{ entry: 'mcpm_time' }, { entry: 'mcpm_docs' }] },
      { client: 'windsurf', changes: [] },
    ]);
    expect((await runCli(home, 'client sync')).exitCode).toBe(0);
    expect(home.read(CURSOR)).toBe(edited);
    expect(edited).toContain('"url": "https://example.com/mcp"');
  });

  it('takes out what is gone', async () => {
    const { home } = setUp({ [CURSOR]: MINE });
    await runCli(home, 'client edit cursor --add-server time,files');
    await runCli(home, 'uninstall files --yes');
    expect((await runCli(home, 'client ls')).stdout).toContain('drift: cursor has mcpm_files');
    const { stdout } = await runCli(home, 'client sync');
    expect(stdout).toContain('gone: files');
    expect(stdout).toContain('remove mcpm_files');
    expect(home.read(CURSOR)).not.toContain('mcpm_files');
    expect((await runCli(home, 'client ls')).stdout).not.toContain('drift');
    expect((await runCli(home, 'client sync')).stdout).not.toContain('gone');
  });

  it('takes out URL entries of servers that are gone', async () => {
    const { home } = setUp({ [WINDSURF]: '{}' });
    await runCli(home, 'client edit windsurf --add-server docs --native');
    await runCli(home, 'uninstall docs --yes');
    expect((await runCli(home, 'client ls')).stdout).toContain('drift: windsurf has mcpm_docs');
    expect((await runCli(home, 'client sync')).stdout).toContain('remove mcpm_docs');
    expect(home.read(WINDSURF)).toBe('{}');
  });

  it('goes on with the others when one file is broken, and passes over absent clients', async () => {
    const { home } = setUp({ [CURSOR]: '{ broken', [WINDSURF]: '{}' });
    const held = { servers: ['time'], profiles: [] };
    const mapping = { cursor: held, windsurf: held, zed: { ...held, note: 'kept' } };
    home.write('.config/mcpm/clients.json', JSON.stringify(mapping));
    const { exitCode, stdout } = await runCli(home, 'client sync', { env: { PATH: '' } });
    expect(exitCode).toBe(60);
    expect(stdout).toContain('mcp.json:1:');
    expect(stdout).toMatch(/zed\s+it is not on this machine/);
    expect(home.read(WINDSURF)).toContain('mcpm_time');
    expect(home.read(CURSOR)).toBe('{ broken');
    expect((await runCli(home, 'client sync zed')).exitCode).toBe(0);
    expect(home.read('.config/zed/settings.json')).toContain('mcpm_time');
    expect(JSON.parse(home.read('.config/mcpm/clients.json')).zed).toMatchObject({ note: 'kept' });
  });

  it('remembers for every client that shares a file', async () => {
    const { home } = setUp();
    await runCli(home, 'client edit cline --add-server time');
    await runCli(home, 'client edit cline-cli --add-server docs');
    expect(JSON.parse(home.read('.config/mcpm/clients.json'))).toMatchObject({
      cline: { servers: ['time', 'docs'] },
      'cline-cli': { servers: ['time', 'docs'] },
    });
    expect((await runCli(home, 'client sync --check cline cline-cli')).exitCode).toBe(0);
  });

  it('follows an undo, and does not remember projects and other files', async () => {
    const { home } = setUp({ [CURSOR]: '{}' });
    await runCli(home, 'client edit cursor --add-server time');
    await runCli(home, 'client undo cursor');
    await runCli(home, 'client edit cursor --add-server docs --file other.json');
    await runCli(home, 'client edit windsurf --add-server docs --file other2.json');
    expect((await runCli(home, 'client sync')).stdout).toContain('Nothing is stored');
    expect((await runCli(home, 'client sync cursor')).exitCode).toBe(10);
    expect((await runCli(home, 'client sync curser')).stderr).toContain('Did you mean cursor?');
  });
});
