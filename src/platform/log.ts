/** Notes for the person at the terminal: stderr only, secrets masked. */
import { redact } from './redact.ts';

/** A sink for notes. stdout is never touched. */
export interface Log {
  /** Shown with `MCPM_DEBUG` alone. */
  debug(message: string): void;
  /** Progress and facts. */
  info(message: string): void;
  /** Something the person should look at. */
  warn(message: string): void;
}

/** A log over a stream. Every line passes the redactor. */
export function createLog(options: { stderr: NodeJS.WritableStream; debug: boolean }): Log {
  const write = (prefix: string, message: string) => {
    options.stderr.write(`${prefix}${redact(message)}\n`);
  };
  return {
    debug: (message) => {
      if (options.debug) write('debug: ', message);
    },
    info: (message) => write('', message),
    warn: (message) => write('warning: ', message),
  };
}
