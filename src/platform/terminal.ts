/** What the terminal can do: decided once, in the context. */
import type { Env } from './paths.ts';

/** The abilities of the terminal this program runs in. */
export interface Terminal {
  /** Someone can answer a prompt: a terminal on stdin and stderr, no `CI`, no `MCPM_NON_INTERACTIVE`. */
  readonly interactive: boolean;
  /** stdout may carry ANSI colours (`NO_COLOR`, `FORCE_COLOR`, a terminal). */
  readonly color: boolean;
  /** stderr may carry ANSI colours. */
  readonly errorColor: boolean;
  /** Columns available on stdout; unlimited when it is not a terminal. */
  readonly width: number;
}

interface Streams {
  readonly stdin: unknown;
  readonly stdout: unknown;
  readonly stderr: unknown;
}

/** Decide a terminal's abilities from the environment and the streams. */
export function detectTerminal(env: Env, streams: Streams): Terminal {
  const tty = (stream: unknown) => (stream as { isTTY?: boolean }).isTTY === true;
  const columns = (streams.stdout as { columns?: number }).columns;
  const silenced = /^(1|true|yes|on)$/i.test(env.MCPM_NON_INTERACTIVE ?? '') || isSet(env.CI);
  return {
    interactive: tty(streams.stdin) && tty(streams.stderr) && !silenced,
    color: allowsColor(env, tty(streams.stdout)),
    errorColor: allowsColor(env, tty(streams.stderr)),
    width: tty(streams.stdout) ? (columns ?? 80) : Number.POSITIVE_INFINITY,
  };
}

/** https://no-color.org and https://force-color.org: any non-empty value counts, NO_COLOR wins. */
function allowsColor(env: Env, tty: boolean): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0';
  return tty && env.TERM !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
