/**
 * The one error type that a user's mistake or the world's failure becomes, and the one table of exit codes.
 * Anything else that is thrown is a bug: it keeps its stack and ends the program with 1.
 */

/**
 * Every error code with its exit status. Codes are stable: scripts match on them in `--json` output.
 * Decades: 1 bug, 2 usage, 10 input, 20 configuration, 30 network and registries, 40 authentication, 50 servers and tunnels, 60 partial.
 */
export const EXIT_CODES = {
  /** A defect of this program. */
  INTERNAL: 1,
  /** The command line is wrong: unknown flag, missing value, contradicting options, a prompt that cannot be shown. */
  USAGE: 2,
  /** A named server, profile, client, version or file does not exist. */
  NOT_FOUND: 10,
  /** The name is taken, or someone else changed the same thing. */
  CONFLICT: 11,
  /** A value was understood and is not acceptable. */
  INVALID_INPUT: 12,
  /** The user said no at a prompt, or interrupted it. */
  CANCELLED: 13,
  /** `--check` and its like: there is something to do. */
  CHANGES_PENDING: 14,
  /** A file cannot be parsed: it is left as it is. */
  CONFIG_SYNTAX: 20,
  /** A file parses, but is not of the expected shape. */
  CONFIG_SHAPE: 21,
  /** A file cannot be read or written (permissions, a directory, a full disk). */
  CONFIG_ACCESS: 22,
  /** Another process holds the file's lock. */
  CONFIG_LOCKED: 23,
  /** An edit did not verify, so nothing was written. */
  EDIT_REFUSED: 24,
  /** The network failed. */
  NETWORK: 30,
  /** A registry answered with an error or with something unreadable. */
  REGISTRY: 31,
  /** A download is not what it was announced to be (hash, size, path). */
  INTEGRITY: 32,
  /** Credentials are missing, wrong or expired. */
  AUTH: 40,
  /** A stored secret cannot be read. */
  SECRET: 41,
  /** A server did not start. */
  SERVER_START: 50,
  /** A server ended while it was needed. */
  SERVER_EXIT: 51,
  /** A program that is needed is not installed. */
  RUNTIME_MISSING: 52,
  /** No port could be bound. */
  PORT_IN_USE: 53,
  /** A tunnel could not be opened or was lost. */
  TUNNEL: 54,
  /** Some of it worked; the result says what did not. */
  PARTIAL: 60,
} as const;

/** A stable code of {@link EXIT_CODES}. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** What may accompany an error besides its message. */
export interface ErrorDetails {
  /** What to do next, as a sentence or a command to type. */
  readonly hint?: string;
  /** The failure underneath; never shown to the user without `MCPM_DEBUG`. */
  readonly cause?: unknown;
  /** Machine-readable facts for `--json` (file, line, column, names). Never secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A failure the user can act on. The message says what is wrong and where; the hint says what to do. */
export class McpmError extends Error {
  override readonly name = 'McpmError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.data = details.data;
  }

  /** The process exit status of this error's code. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** The exit status for anything thrown: that of an {@link McpmError}, or 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof McpmError ? error.exitCode : EXIT_CODES.INTERNAL;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EACCES` …), if it has one. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
