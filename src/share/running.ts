/** Which shares are running now, for `mcpm share ls`. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { signalProcess } from '../platform/signals.ts';
import { asRecord, jsonStore } from '../platform/store.ts';
import type { ShareTarget } from './protection/token-store.ts';

/** One running share. */
export interface RunningShare {
  readonly run: string;
  readonly pid: number;
  readonly target: ShareTarget;
  readonly url: string;
  readonly provider: string;
  /** ISO time. */
  readonly since: string;
}

function store(ctx: Context) {
  return jsonStore<readonly RunningShare[]>(join(ctx.paths.sharesDir, 'running.json'), {
    empty: () => [],
    decode: (json) => Object.values(asRecord(json, [])) as RunningShare[],
    encode: (shares) => Object.fromEntries(shares.map((share) => [share.run, share])),
  });
}

/** Shares whose process is alive. */
export async function listRunning(ctx: Context): Promise<readonly RunningShare[]> {
  return (await store(ctx).read()).filter(isAlive);
}

/** Note that a share runs (or goes by another URL); the dead ones are forgotten. */
export async function noteRunning(ctx: Context, share: RunningShare): Promise<void> {
  await store(ctx).update((shares) => [
    ...shares.filter((other) => other.run !== share.run && isAlive(other)),
    share,
  ]);
}

/** Note that a share has ended. */
export async function noteEnded(ctx: Context, run: string): Promise<void> {
  await store(ctx).update((shares) => shares.filter((share) => share.run !== run));
}

function isAlive({ pid }: RunningShare): boolean {
  return signalProcess(pid, 0);
}
