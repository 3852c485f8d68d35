/** The built program, sharing: started in a home of its own, its JSON lines read, ended with the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { installFromNpm, installNode, root } from '../helpers/tools.ts';

/** A home with servers in it, all in the profile `all`. */
export interface ProgramHome {
  readonly dir: string;
  readonly env: Record<string, string | undefined>;
  write(name: string, text: string): string;
}

/** Make a home; it is removed with the test. */
export function makeProgramHome(
  servers: Readonly<Record<string, { command: string; args: readonly string[] }>>,
): ProgramHome {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-share-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  const write = (name: string, text: string) => {
    const path = join(dir, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  mkdirSync(join(dir, 'config'), { mode: 0o700 });
  const entries = Object.entries(servers).map(([name, server]) => [
    name,
    { name, profile_tags: ['all'], env: {}, ...server },
  ]);
  write('config/servers.json', JSON.stringify(Object.fromEntries(entries)));
  const env = {
    ...process.env,
    HOME: dir,
    MCPM_CONFIG_DIR: join(dir, 'config'),
    MCPM_DATA_DIR: join(dir, 'data'),
  };
  return { dir, env, write };
}

/** A line that the program wrote. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** A running program. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** The first line with this event, waited for. */
  line(event: string, ms?: number): Promise<Line>;
  /** Ask it to end; milliseconds until it had. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/** Start `mcpm WORDS… --json`. */
export function startProgram(
  home: ProgramHome,
  words: readonly string[],
  env: Record<string, string> = {},
): RunningProgram {
  const child = spawn(process.execPath, [join(root, 'dist/main.cjs'), ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...home.env, ...env },
  });
  const lines: Line[] = [];
  const raw: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    raw.push(line);
    if (line.startsWith('{"')) lines.push(JSON.parse(line));
  });
  createInterface(child.stderr).on('line', (line) => raw.push(line));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (signal: NodeJS.Signals = 'SIGINT') => {
    const began = performance.now();
    child.kill(signal);
    await gone;
    return performance.now() - began;
  };
  onTestFinished(async () => void (await stop('SIGKILL')));
  return {
    child,
    lines,
    stop,
    async line(event, ms = 20_000) {
      const end = Date.now() + ms;
      for (;;) {
        const found = lines.find((line) => line.event === event);
        if (found) return found;
        if (Date.now() > end || child.exitCode !== null)
          throw new Error(`no ${event}: ${raw.join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** The server that is shared: the protocol's own example, from npm. */
export async function everythingServer() {
  const name = '@modelcontextprotocol/server-everything';
  const modules = await installFromNpm('everything', { [name]: '2026.8.31' });
  return { command: process.execPath, args: [join(modules, name, 'dist/index.js')] };
}

/** What the Inspector's command line said. */
export interface Inspected {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ask a URL with the Inspector's command line, an independent client. It trusts the authority in `ca`. */
export async function inspect(
  url: string,
  ca: string,
  words: readonly string[],
): Promise<Inspected> {
  const node = await installNode('24.21.0');
  const name = '@modelcontextprotocol/inspector';
  const modules = await installFromNpm('inspector', { [name]: '2.12.0' });
  return new Promise((resolve) => {
    execFile(
      node,
      [join(modules, '.bin/inspector'), '--cli', url, ...words],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: ca }, timeout: 60_000, maxBuffer: 1 << 26 },
      (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
