import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
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

  it('leaves the old or the new state of both files when it is killed 200 times at random points', {
    timeout: 240_000,
  }, async () => {
    const home = await homeWithBoth();
    const began = performance.now();
    await ended(start(home, ['edit', 'a', '--command', 'v0']));
    const whole = performance.now() - began;
    const seen = { killed: 0, old: 0, new: 0, writing: 0 };
    for (let round = 1; seen.killed < 200 && round < 1_000; round++) {
      const before = state(home);
      const { words, after } = change(round, before);
      const child = start(home, words);
      const over = ended(child);
      const stop = killSometime(home, child, round % 4 < 2 ? whole : undefined);
      if ((await over) === null) seen.killed += 1;
      if (stop()) seen.writing += 1;
      const now = state(home);
      expect([before, after]).toContainEqual(now);
      seen[isDeepStrictEqual(now, after) ? 'new' : 'old'] += 1;
      unlock(home);
    }
    // The kills must hit before, within and after the write for this to say anything.
    expect(seen.killed).toBe(200);
    expect(Math.min(seen.old, seen.new, seen.writing)).toBeGreaterThan(10);
  });

  it('takes over the lock of one that was killed while it held it', {
    timeout: 60_000,
  }, async () => {
    const home = await homeWithBoth();
    mkdirSync(`${home.ctx.paths.servers}.lock`);
    expect(await ended(start(home, ['edit', 'a', '--command', 'v1']))).toBe(0);
    expect(state(home).command).toBe('v1');
  });
});

async function homeWithBoth(): Promise<TestHome> {
  const home = makeHome();
  await ended(start(home, ['new', 'a', '--command', 'v0']));
  await ended(start(home, ['profile', 'create', 'p', '--description', 'v0']));
  return home;
}

interface State {
  readonly command: string;
  readonly description: string;
}

/** A change of one of the two files, and the state it leads to. */
function change(round: number, before: State): { words: string[]; after: State } {
  const next = `v${round}`;
  return round % 2 === 0
    ? { words: ['edit', 'a', '--command', next], after: { ...before, command: next } }
    : {
        words: ['profile', 'edit', 'p', '--description', next],
        after: { ...before, description: next },
      };
}

/** Give back what a killed one left locked: the next would wait some seconds for it, which is another test's. */
function unlock(home: TestHome): void {
  const { servers, profiles } = home.ctx.paths;
  for (const file of [servers, profiles]) rmSync(`${file}.lock`, { recursive: true, force: true });
}

/** What the two files hold; parsing them is part of the check. */
function state(home: TestHome): State {
  const profiles = JSON.parse(readFileSync(home.ctx.paths.profiles, 'utf8'));
  return { command: servers(home).a.command, description: profiles.p.description };
}

/**
 * Kill a process at a random moment of its `whole` time, or, without one, within some milliseconds from when it begins to
 * write: its lock and its temporary file appear then. Returns what stops that, and tells whether it had begun.
 */
function killSometime(home: TestHome, child: ChildProcess, whole: number | undefined) {
  let writing = false;
  let timer: NodeJS.Timeout | undefined;
  const killAfter = (ms: number) => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
  };
  const watcher = watch(home.ctx.paths.configDir, () => {
    writing = true;
    if (whole === undefined) killAfter(Math.random() * 12);
  });
  if (whole !== undefined) killAfter(whole * (0.3 + Math.random()));
  return () => {
    watcher.close();
    clearTimeout(timer);
    return writing;
  };
}
