import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const FILES = {
  cursor: [
    '.cursor/mcp.json',
    '{\n  // mine\n  "mcpServers": {\n    "x": { "command": "x" },\n  },\n}\n',
  ],
  continue: ['.continue/config.yaml', 'name: mine # c\nmcpServers:\n  - name: x\n    command: x\n'],
  'codex-cli': ['.codex/config.toml', 'model = "m" # c\n\n[mcp_servers.x]\ncommand = "x"\n'],
} as const;

describe('the built program on clients’ files', () => {
  const home = mkdtempSync(join(tmpdir(), 'mcpm-files-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: '/usr/bin:/bin', HOME: home };
  const mcpm = (...words: string[]) =>
    execFileSync(process.execPath, [MAIN, ...words], { cwd: home, env, encoding: 'utf8' });

  it.each(Object.entries(FILES))('edits %s and gives the file back', (client, [path, text]) => {
    mcpm('new', 'time', '--command', 'uvx mcp-server-time', '--force');
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    mcpm('client', 'edit', client, '--add-server', 'time');
    expect(readFileSync(file, 'utf8')).toContain('mcpm_time');
    mcpm('client', 'edit', client, '--remove-server', 'time');
    expect(readFileSync(file, 'utf8')).toBe(text);
    mcpm('client', 'undo', client);
    mcpm('client', 'undo', client);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it.each(Object.entries(FILES))('names the place where %s does not parse', (client, [path]) => {
    const file = join(home, path);
    writeFileSync(file, '{ [ = \n');
    const words = ['client', 'edit', client, '--add-server', 'time'];
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(new RegExp(`${path}:\\d+:\\d+`));
    expect(status).toBe(20);
    expect(readFileSync(file, 'utf8')).toBe('{ [ = \n');
  });

  it('writes an entry that starts without any PATH', () => {
    writeFileSync(join(home, '.cursor/mcp.json'), '{}');
    mcpm('client', 'edit', 'cursor', '--add-server', 'time');
    const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8'));
    const { command } = mcpServers.mcpm_time;
    expect(execFileSync(command, ['--version'], { env: {}, encoding: 'utf8' })).toMatch(/^\d+\./);
  });
});
