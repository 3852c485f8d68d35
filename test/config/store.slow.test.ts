import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeHome, type TestHome } from '../helpers/home.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

function start(home: TestHome, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...words], {
    env: home.ctx.env as NodeJS.ProcessEnv,
    stdio: 'ignore',
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

function servers(home: TestHome) {
  return JSON.parse(readFileSync(home.ctx.paths.servers, 'utf8'));
}

describe('the built program', () => {
  it('loses no update when 8 processes make 50 changes each at once', {
    timeout: 240_000,
  }, async () => {
    const home = makeHome();
    await ended(start(home, ['new', 'shared', '--command', 'x']));
    await ended(start(home, ['profile', 'create', 'all']));
    const failures: string[] = [];
    const worker = async (id: number) => {
      for (let step = 0; step < 50; step++) {
        const name = `s${id}-${step - (step % 3)}`;
        const words = [
          ['new', name, '--command', 'x'],
          ['profile', 'edit', 'all', '--add-server', name],
          ['edit', 'shared', '--env', `K${id}_${step}=1`],
        ][step % 3] as string[];
        if ((await ended(start(home, words))) !== 0) failures.push(words.join(' '));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, id) => worker(id)));
    expect(failures).toEqual([]);
    const all = servers(home);
    const added = Object.keys(all).filter((name) => name.startsWith('s') && name !== 'shared');
    expect(added).toHaveLength(8 * 17);
    const tagged = added.filter((name) => all[name].profile_tags.includes('all'));
    expect(tagged).toHaveLength(8 * 17);
    expect(Object.keys(all.shared.env)).toHaveLength(8 * 16);
  });

  it('leaves the old or the new state when it is killed 200 times at random points', {
    timeout: 240_000,
  }, async () => {
    const home = makeHome();
    await ended(start(home, ['new', 'a', '--command', 'v0']));
    const began = performance.now();
    await ended(start(home, ['edit', 'a', '--command', 'v0']));
    const whole = performance.now() - began;
    let killed = 0;
    let landed = 0;
    for (let round = 1; round <= 200; round++) {
      const before = servers(home).a.command;
      const child = start(home, ['edit', 'a', '--command', `v${round}`]);
      const over = ended(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), whole * (0.3 + Math.random()));
      if ((await over) === null) killed += 1;
      clearTimeout(timer);
      const after = servers(home).a.command;
      expect([before, `v${round}`]).toContain(after);
      if (after === `v${round}`) landed += 1;
    }
    // The kills must hit before, within and after the write for this to say anything.
    expect(killed).toBeGreaterThan(20);
    expect(landed).toBeGreaterThan(0);
    expect(readdirSync(home.ctx.paths.configDir)).toContain('servers.json');
  });
});
