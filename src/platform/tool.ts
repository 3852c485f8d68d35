/** Programs that are run for their result: git, npm, docker. Never through a shell. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { normalizeSpawnCommand } from 'tinyexec';
import { McpmError, systemCode } from '../errors.ts';
import type { Env } from './paths.ts';
import { signalProcess, untilTerminated } from './signals.ts';

/** How a program is run. */
export interface ToolOptions {
  /** Its whole environment. */
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly cwd?: string;
  /** After this many milliseconds it is asked to end, and killed soon after, with everything it started. */
  readonly timeoutMs: number;
}

/** What a program did. */
export interface ToolResult {
  /** Its exit status; `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  /** The last 4 MiB. */
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT = 4 * 1024 * 1024;
/** What a program gets to put its things in order once it was asked to end, in milliseconds. */
const GRACE = 2_000;

/**
 * Run a program to its end, with no input. A signal that ends this process ends it too.
 * @throws McpmError `RUNTIME_MISSING` when it does not start.
 */
export function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<ToolResult> {
  const posix = options.platform !== 'win32';
  const exact = normalizeSpawnCommand(program, args, {
    env: { ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: posix,
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    const child = spawn(exact.command, exact.args, exact.options);
    const stdout = tail(child.stdout);
    const stderr = tail(child.stderr);
    let timedOut = false;
    const timers = [
      setTimeout(() => {
        timedOut = true;
        signalAll(child, posix, 'SIGTERM');
      }, options.timeoutMs),
      setTimeout(() => signalAll(child, posix, 'SIGKILL'), options.timeoutMs + GRACE),
    ];
    const ended = untilTerminated();
    const settle = () => {
      for (const timer of timers) clearTimeout(timer);
      ended.stop();
    };
    void ended.signal.then((signal) => {
      settle();
      signalAll(child, posix, signal);
      signalProcess(process.pid, signal);
    });
    child.once('error', (cause) => {
      settle();
      reject(notStarted(program, cause));
    });
    child.once('close', (status) => {
      settle();
      resolve({ exitCode: status ?? undefined, timedOut, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** To the program and all it started. Windows knows no gentle way. */
function signalAll(child: ChildProcess, posix: boolean, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (posix) signalProcess(-child.pid, signal);
  else execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => {});
}

function tail(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-MAX_OUTPUT);
  });
  return () => text;
}

function notStarted(program: string, cause: unknown): McpmError {
  const why = systemCode(cause) === 'ENOENT' ? 'it is not installed, or not on PATH' : 'it failed';
  return new McpmError('RUNTIME_MISSING', `Cannot start ${program}: ${why}`, {
    cause,
    data: { program },
  });
}
