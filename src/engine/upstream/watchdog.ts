/**
 * Ends the servers' process groups when this process is killed outright (SIGKILL, a crash) and cannot do it itself. One tiny shell in
 * a session of its own holds the other end of a pipe; when the pipe closes without a word it waits for the servers to notice that their
 * input has ended, then terminates, then kills what is left. Nothing passes through it.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** One line in: the groups to watch from now on. End of input: end them. */
const SCRIPT = `trap '' HUP INT TERM
while read -r line; do groups=$line; done
each() { for group in $groups; do kill -"$1" -"$group" 2>/dev/null && alive=1; done; }
[ -n "$groups" ] || exit 0
for wait in 0.2 0.3 0.5 1; do alive=; each 0; [ -n "$alive" ] || exit 0; sleep $wait; done
each TERM
for wait in 0.2 0.3 0.5 1; do alive=; each 0; [ -n "$alive" ] || exit 0; sleep $wait; done
each KILL`;

/** Started only after the servers are, so that it costs nothing on the way to the first answer. */
const DELAY_MS = 50;

/** Watches over the process groups of one gateway. */
export class Watchdog {
  readonly #groups = new Set<number>();
  readonly #enabled: boolean;
  #shell: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** On Windows there is nothing to do: the system ends our children with us. */
  constructor(platform: NodeJS.Platform) {
    this.#enabled = platform !== 'win32';
  }

  /** Watch a group. */
  add(group: number): void {
    if (!this.#enabled) return;
    this.#groups.add(group);
    if (this.#shell) this.#tell();
    else this.#timer ??= setTimeout(() => this.#start(), DELAY_MS);
  }

  /** It has ended. */
  remove(group: number): void {
    if (!this.#groups.delete(group)) return;
    if (this.#groups.size > 0) this.#tell();
    else this.stop();
  }

  /** Nothing is left to watch. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#groups.clear();
    this.#shell?.stdin?.end('\n');
    this.#shell = undefined;
  }

  #start(): void {
    this.#timer = undefined;
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    shell.on('error', () => {});
    shell.stdin?.on('error', () => {});
    shell.unref();
    (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    this.#shell = shell;
    this.#tell();
  }

  #tell(): void {
    this.#shell?.stdin?.write(`${[...this.#groups].join(' ')}\n`);
  }
}
