/**
 * Everything the world gives this program, as one object that is passed in. Nothing else reads the environment, the
 * home directory, the clock or the standard streams, so a test can build another world.
 */
import { homedir } from 'node:os';
import { createFetch } from './platform/fetch.ts';
import { createLog, type Log } from './platform/log.ts';
import { type Env, type Paths, resolvePaths } from './platform/paths.ts';
import { programFile } from './platform/self.ts';
import { detectTerminal, type Terminal } from './platform/terminal.ts';

/** How this very program can be started again: an executable and its first arguments. */
export interface SelfCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** The world, injected. */
export interface Context {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Colour, width and whether anyone can answer a prompt: decided once. */
  readonly terminal: Terminal;
  /** The current time. */
  readonly now: () => Date;
  readonly fetch: typeof globalThis.fetch;
  readonly paths: Paths;
  /** Notes for the person on stderr, secrets masked. */
  readonly log: Log;
  readonly self: SelfCommand;
  /** The id of this process. */
  readonly pid: number;
}

/** What a caller may replace; the rest comes from the process. */
export type ContextOverrides = Partial<Omit<Context, 'paths' | 'terminal' | 'log'>> & {
  readonly terminal?: Partial<Terminal>;
};

/**
 * Build a context over this process. Overrides replace parts of the world; paths, terminal and log follow from them.
 */
export function createContext(overrides: ContextOverrides = {}): Context {
  const env: Env = overrides.env ?? process.env;
  const platform = overrides.platform ?? process.platform;
  const home = overrides.home ?? env.HOME ?? env.USERPROFILE ?? homedir();
  const stdin = overrides.stdin ?? process.stdin;
  const stdout = overrides.stdout ?? process.stdout;
  const stderr = overrides.stderr ?? process.stderr;
  const terminal = { ...detectTerminal(env, { stdin, stdout, stderr }), ...overrides.terminal };
  return {
    env,
    platform,
    home,
    cwd: overrides.cwd ?? currentFolder(home),
    stdin,
    stdout,
    stderr,
    terminal,
    now: overrides.now ?? (() => new Date()),
    fetch: overrides.fetch ?? createFetch(env),
    paths: resolvePaths(env, home, platform),
    log: createLog({ stderr, debug: isTrue(env.MCPM_DEBUG) }),
    pid: overrides.pid ?? process.pid,
    self: overrides.self ?? {
      command: process.execPath,
      args: [programFile() ?? process.argv[1] ?? ''],
    },
  };
}

/** The working folder; the home when it has been removed under us. */
function currentFolder(home: string): string {
  try {
    return process.cwd();
  } catch {
    return home;
  }
}

/** Whether an environment variable's value means yes. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value);
}
