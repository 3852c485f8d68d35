/** Ending a child and everything it started. */
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '../../platform/signals.ts';

/** How a child ends: its own process group on POSIX (spawned `detached`), the process tree on Windows. */
export interface ProcessTree {
  /** Send a signal to all of it. Nothing happens when it is gone. */
  signal(signal: NodeJS.Signals): void;
  /** Whether anything of it is alive. */
  alive(): boolean;
}

/** The tree of a child process. */
export function treeOf(child: ChildProcess, platform: NodeJS.Platform): ProcessTree {
  const pid = child.pid;
  if (pid === undefined) return { signal: () => {}, alive: () => false };
  if (platform === 'win32') {
    const alive = () => child.exitCode === null && child.signalCode === null;
    return {
      alive,
      signal: () => {
        if (alive()) execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => {});
      },
    };
  }
  return {
    signal: (signal) => void signalProcess(-pid, signal),
    alive: () => signalProcess(-pid, 0),
  };
}

/**
 * Wait for a tree to end by itself, then terminate it, then kill it; `grace` milliseconds for each of the first two.
 * Resolves when nothing is left.
 */
export async function endTree(
  child: ChildProcess,
  tree: ProcessTree,
  grace: number,
): Promise<void> {
  await exited(child, grace);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!tree.alive()) return;
    tree.signal(signal);
    await gone(child, tree, signal === 'SIGTERM' ? grace : 500);
  }
}

async function exited(child: ChildProcess, limit: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = new AbortController();
  await Promise.race([
    once(child, 'exit', { signal: timer.signal }).catch(() => {}),
    sleep(limit, undefined, { signal: timer.signal }).catch(() => {}),
  ]);
  timer.abort();
}

/** A group has no event for its end: look often at first, then less so. */
async function gone(child: ChildProcess, tree: ProcessTree, limit: number): Promise<void> {
  const until = performance.now() + limit;
  await exited(child, limit);
  for (let pause = 2; tree.alive() && performance.now() < until; pause = Math.min(pause * 2, 50)) {
    await sleep(pause);
  }
}
