/** Signals: those this process gets, and those it sends. */

/** Send a signal to a process, or to a whole group (a negative id); 0 only asks whether it exists. False when there is nothing there. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A promise that resolves with the first signal that asks this process to end, and what stops listening. */
export function untilTerminated(): {
  readonly signal: Promise<NodeJS.Signals>;
  stop(): void;
} {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stop = () => {};
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of signals) process.on(name, resolve);
    stop = () => {
      for (const name of signals) process.removeListener(name, resolve);
    };
  });
  return { signal, stop: () => stop() };
}
