import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClientConfigManager } from '../../src/clients/index.ts';
import { launcherText } from '../../src/clients/launcher.ts';
import { CURSOR, setUp } from '../helpers/clients.ts';

describe('the launcher', () => {
  it('runs the program without any PATH, passing words as they are', async () => {
    const { home, clients } = setUp();
    const program = home.write(
      "pro gram's.mjs",
      'console.log(JSON.stringify(process.argv.slice(2)))',
    );
    const self = { command: process.execPath, args: [program] };
    await new ClientConfigManager({ ...home.ctx, self }).editClientConfig('cursor', {
      servers: ['time'],
    });
    const { command, args } = JSON.parse(home.read(CURSOR)).mcpServers.mcpm_time;
    const out = execFileSync(command, [...args, 'a b', '$x', ''], { env: {} });
    expect(JSON.parse(out.toString())).toEqual(['run', 'time', 'a b', '$x', '']);
    expect((await clients.getClient('cursor')).servers).toEqual(['time']);
  });

  it('finds another Node when its own is gone', () => {
    const self = { command: '/gone/node', args: ['-p', '1+1'] };
    const out = execFileSync('/bin/sh', ['-c', launcherText({ platform: 'linux', self })], {
      env: { PATH: process.env.PATH },
    });
    expect(out.toString().trim()).toBe('2');
  });

  it('is a batch file on Windows', () => {
    const self = { command: 'C:\\Program Files\\nodejs\\node.exe', args: ['C:\\100%\\main.js'] };
    expect(launcherText({ platform: 'win32', self })).toContain(
      '"C:\\Program Files\\nodejs\\node.exe" "C:\\100%%\\main.js" %*',
    );
  });

  it('is not needed by a terminal client when mcpm is on the PATH', async () => {
    const { home } = setUp();
    const bin = home.write('bin/mcpm', '#!/bin/sh\n');
    chmodSync(bin, 0o755);
    const world = { ...home.ctx, env: { ...home.ctx.env, PATH: join(home.dir, 'bin') } };
    const clients = new ClientConfigManager(world);
    await clients.editClientConfig('codex-cli', { servers: ['time'] });
    expect(home.read('.codex/config.toml')).toContain('command = "mcpm"');
    await clients.editClientConfig('cursor', { servers: ['time'] });
    expect(home.read(CURSOR)).toContain(home.ctx.paths.launcher);
  });

  it('warns when mcpm itself is in the cache of npx', async () => {
    const { home } = setUp();
    const self = {
      command: process.execPath,
      args: ['/h/.npm/_npx/1a/node_modules/mcpm/dist/main.cjs'],
    };
    const clients = new ClientConfigManager({ ...home.ctx, self });
    const { notes } = await clients.editClientConfig('cursor', { servers: ['time'] });
    expect(notes).toEqual([expect.stringContaining('npm install -g mcpm')]);
  });
});
