/** Programs that run beside this one until they are told to end: tunnels. Never through a shell. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { normalizeSpawnCommand } from 'tinyexec';
import { McpmError } from '../errors.ts';
import type { Env } from './paths.ts';

/** How a program is started. */
export interface ProgramOptions {
  /** Its whole environment. */
  readonly env: Env;
  /** Told of every line it writes, to stdout or stderr. */
  readonly onLine: (line: string) => void;
}

/** A running program. */
export interface Program {
  /** How it ended: its exit status, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Ask it to end; after a second it is made to. */
  stop(): Promise<void>;
}

const PATIENCE = 1_000;

/**
 * Start a program without input.
 * @throws McpmError `RUNTIME_MISSING` when it does not start.
 */
export async function startProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<Program> {
  const exact = normalizeSpawnCommand(command, args, {
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const child = spawn(exact.command, exact.args, exact.options);
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (status, signal) => resolve(signal ?? status ?? 1));
  });
  for (const stream of [child.stdout, child.stderr]) readLines(stream, options.onLine);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new McpmError('RUNTIME_MISSING', `Cannot start ${command}`, {
          hint: 'Check that it is installed and may be run.',
          cause,
          data: { program: command },
        }),
      ),
    );
  });
  return {
    exited,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      await exited;
      clearTimeout(force);
    },
  };
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream)
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
