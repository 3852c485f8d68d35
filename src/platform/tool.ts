/** Programs that are run for their result: git, npm, docker. Never through a shell. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { normalizeSpawnCommand } from 'tinyexec';
import { McpmError, systemCode } from '../errors.ts';
import type { Env } from './paths.ts';
import { signalProcess } from './signals.ts';

/** How a program is run. */
export interface ToolOptions {
  /** Its whole environment. */
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly cwd?: string;
  /** After this many milliseconds it is ended, and everything it started with it. */
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

/**
 * Run a program to its end, with no input.
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
    const timer = setTimeout(() => {
      timedOut = true;
      endAll(child, posix);
    }, options.timeoutMs);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(notStarted(program, cause));
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({
        exitCode: status ?? undefined,
        timedOut,
        stdout: stdout(),
        stderr: stderr(),
      });
    });
  });
}

function endAll(child: ChildProcess, posix: boolean): void {
  if (child.pid === undefined) return;
  if (posix) signalProcess(-child.pid, 'SIGKILL');
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
