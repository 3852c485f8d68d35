import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** The least that is an MCP server. */
const SERVER = `import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const { id, params } = JSON.parse(line);
  const result = { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: { name: 'tiny', version: '1' } };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
`;

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
    mcpm('new', 'time', '--command', 'uvx', '--args', 'mcp-server-time', '--force');
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

  it('loses nothing when 8 processes edit one file at once', async () => {
    const text = '{\n  "mcpServers": {\n    "own": { "command": "x" } // mine\n  }\n}\n';
    writeFileSync(join(home, '.cursor/mcp.json'), text);
    const names = Array.from({ length: 8 }, (_, n) => `s${n}`);
    for (const name of names) mcpm('new', name, '--command', 'x', '--force');
    const run = promisify(execFile);
    const all = names.map((name) =>
      run(process.execPath, [MAIN, 'client', 'edit', 'cursor', '--add-server', name], { env }),
    );
    await Promise.all(all);
    const list = JSON.parse(mcpm('client', 'ls', '--json'));
    const cursor = list.clients.find((one: { client: string }) => one.client === 'cursor');
    expect([...cursor.servers].sort()).toEqual(names);
    expect(cursor.others).toEqual(['own']);
    mcpm('client', 'edit', 'cursor', '--set-servers=');
    expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toBe(text);
    expect(readdirSync(join(home, '.cursor'))).toEqual(['mcp.json']);
  });

  it('holds the old or the new text whenever it is killed', async () => {
    const file = join(home, '.cursor/mcp.json');
    const own = '{\n  "mcpServers": {\n    "own": { "command": "x" } // mine\n  }\n}\n';
    mcpm('new', 'time', '--command', 'uvx', '--force');
    writeFileSync(file, own);
    mcpm('client', 'edit', 'cursor', '--add-server', 'time');
    const both = readFileSync(file, 'utf8');
    for (let n = 0; n < 40; n++) {
      const flag = readFileSync(file, 'utf8') === own ? '--add-server' : '--remove-server';
      const child = spawn(process.execPath, [MAIN, 'client', 'edit', 'cursor', flag, 'time'], {
        env,
      });
      setTimeout(() => child.kill('SIGKILL'), 60 + Math.random() * 240);
      await once(child, 'close');
      expect([own, both]).toContain(readFileSync(file, 'utf8'));
    }
    mcpm('client', 'edit', 'cursor', '--set-servers=');
    expect(readFileSync(file, 'utf8')).toBe(own);
    for (const left of readdirSync(join(home, '.cursor')).filter((name) => name.endsWith('.tmp')))
      rmSync(join(home, '.cursor', left));
  }, 120_000);

  it('writes an entry whose server answers a client that has no PATH at all', async () => {
    const server = join(home, 'server.mjs');
    writeFileSync(server, SERVER);
    mcpm('new', 'tiny', '--command', 'node', '--args', server, '--force');
    writeFileSync(join(home, '.cursor/mcp.json'), '{}');
    mcpm('client', 'edit', 'cursor', '--add-server', 'tiny');
    const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8'));
    const { command, args } = mcpServers.mcpm_tiny;
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'c', version: '1' },
    };
    const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`;
    const child = spawn(command, args, { env: { HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write(input);
    const signal = AbortSignal.timeout(20_000);
    const [line] = await once(createInterface({ input: child.stdout }), 'line', { signal });
    child.stdin.end();
    await once(child, 'close');
    expect(JSON.parse(line)).toMatchObject({ id: 1, result: { serverInfo: { name: 'tiny' } } });
  });

  it('writes an entry that starts without any PATH', () => {
    writeFileSync(join(home, '.cursor/mcp.json'), '{}');
    mcpm('client', 'edit', 'cursor', '--add-server', 'time');
    const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8'));
    const { command } = mcpServers.mcpm_time;
    expect(execFileSync(command, ['--version'], { env: {}, encoding: 'utf8' })).toMatch(/^\d+\./);
  });
});
