import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runTool } from '../../src/platform/tool.ts';

const options = { env: process.env, platform: process.platform, timeoutMs: 10_000 };

describe('runTool', () => {
  it('gives back the exit status and both outputs, words untouched by any shell', async () => {
    const script = 'console.log(process.argv[1]); console.error("no"); process.exitCode = 3';
    const result = await runTool(process.execPath, ['-e', script, '$HOME; `id` "x"'], options);
    expect(result).toEqual({
      exitCode: 3,
      timedOut: false,
      stdout: '$HOME; `id` "x"\n',
      stderr: 'no\n',
    });
  });

  it('names a program that is not there', async () => {
    await expect(runTool('no-such-program-here', [], options)).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: 'Cannot start no-such-program-here: it is not installed, or not on PATH',
    });
  });

  it.skipIf(process.platform === 'win32')(
    'ends a program that takes too long, and what it started',
    async () => {
      const result = await runTool('sh', ['-c', 'sleep 30 & echo $!; wait'], {
        ...options,
        timeoutMs: 300,
      });
      expect(result.timedOut).toBe(true);
      const pid = Number(result.stdout);
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'takes the program along when this process is ended',
    async () => {
      const tool = new URL('../../src/platform/tool.ts', import.meta.url).href;
      const script = `
        const { runTool } = await import(${JSON.stringify(tool)});
        const options = { env: process.env, platform: process.platform, timeoutMs: 30_000 };
        await runTool('sh', ['-c', 'sleep 30 & echo $! > ' + process.argv[1] + '; wait'], options);
      `;
      const file = join(mkdtempSync(join(tmpdir(), 'mcpm-tool-')), 'pid');
      onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
      const words = ['--import', 'tsx', '--input-type=module', '-e', script, file];
      const parent = spawn(process.execPath, words, { stdio: 'ignore' });
      await expect
        .poll(() => existsSync(file) && readFileSync(file, 'utf8'), { timeout: 30_000 })
        .toMatch(/\d/);
      parent.kill('SIGTERM');
      const [, signal] = await once(parent, 'exit');
      expect(signal).toBe('SIGTERM');
      const pid = Number(readFileSync(file, 'utf8'));
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    },
    60_000,
  );
});

/** Whether a process runs; one that only waits to be collected by its parent does not. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim());
}
