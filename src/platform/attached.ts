/** Programs that take over the terminal until they end. */
import { spawn } from 'node:child_process';
import { McpmError } from '../errors.ts';
import type { Env } from './paths.ts';

/**
 * Run a program on this process's own terminal, and wait. No shell.
 * @returns Its exit status, or 1 when a signal ended it.
 * @throws McpmError `RUNTIME_MISSING` when it does not start.
 */
export function runAttached(program: string, args: readonly string[], env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...env } });
    child.once('error', (cause) =>
      reject(
        new McpmError('RUNTIME_MISSING', `Cannot start ${program}`, {
          hint: 'Check that it is installed and on PATH.',
          cause,
          data: { program },
        }),
      ),
    );
    child.once('exit', (status) => resolve(status ?? 1));
  });
}
