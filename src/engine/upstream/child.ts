/** A server as a child process: started, spoken to line by line, ended with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Context } from '../../context.ts';
import { McpmError, messageOf, systemCode } from '../../errors.ts';
import { redact } from '../../platform/redact.ts';
import type { Frame } from '../frames/frame.ts';
import { LineReader } from '../frames/line-reader.ts';
import { LineWriter } from '../frames/line-writer.ts';
import type { EngineSettings } from '../settings.ts';
import { commandLine } from './command-line.ts';
import { Intake } from './intake.ts';
import { endTree, type ProcessTree, treeOf } from './process-tree.ts';
import { findCommand, pathOf, searchPath, workingFolder } from './search-path.ts';
import { StderrTail } from './stderr-tail.ts';
import type { Upstream, UpstreamExit, UpstreamHandlers, UpstreamState } from './types.ts';
import type { Watchdog } from './watchdog.ts';

/** What to start. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment; references still unresolved. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Put before each line of its stderr; empty for none. */
  readonly label: string;
}

/** What it lives among. */
export interface ChildWorld {
  readonly ctx: Context;
  readonly settings: EngineSettings;
  readonly watchdog: Watchdog;
  /** Resolves `${VAR}` and `${secret:NAME}` in the values of a record. */
  resolve(record: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
}

/** One run of one server. */
export class ChildUpstream implements Upstream {
  readonly transport = 'stdio';
  readonly name: string;
  readonly #spec: ChildSpec;
  readonly #world: ChildWorld;
  readonly #stderr: StderrTail;
  #state: UpstreamState = 'idle';
  #child: ChildProcess | undefined;
  #tree: ProcessTree | undefined;
  #writer: LineWriter | undefined;
  #handlers: UpstreamHandlers | undefined;
  #closing: Promise<void> | undefined;

  constructor(spec: ChildSpec, world: ChildWorld) {
    this.name = spec.name;
    this.#spec = spec;
    this.#world = world;
    this.#stderr = new StderrTail(world.ctx.stderr, spec.label);
  }

  get state(): UpstreamState {
    return this.#state;
  }

  get tail(): string {
    return this.#stderr.text();
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(handlers: UpstreamHandlers): Promise<void> {
    this.#state = 'starting';
    this.#handlers = handlers;
    const [env, args] = await Promise.all([this.#environment(), this.#arguments()]);
    if (this.#closing !== undefined) return;
    const child = this.#spawn(env, args);
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(this.#startError(error, env)));
    }).catch((error: unknown) => {
      this.#state = 'down';
      throw error;
    });
    this.#wire(child);
  }

  send(frame: Frame): boolean {
    return this.#state === 'up' && this.#writer ? this.#writer.send(frame) : true;
  }

  pause(): void {
    this.#child?.stdout?.pause();
  }

  resume(): void {
    this.#child?.stdout?.resume();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    const tree = this.#tree;
    if (!child || !tree) return;
    this.#writer?.end();
    this.resume();
    await endTree(child, tree, this.#world.settings.stopGraceMs);
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.#world.watchdog.remove(this.pid);
  }

  async #environment(): Promise<Record<string, string | undefined>> {
    const { ctx } = this.#world;
    const own = await this.#world.resolve(this.#spec.env);
    const env: Record<string, string | undefined> = { ...ctx.env, ...own };
    const path = searchPath({ ...ctx, env });
    for (const key of Object.keys(env)) if (key.toUpperCase() === 'PATH') delete env[key];
    env[ctx.platform === 'win32' ? 'Path' : 'PATH'] = path;
    return env;
  }

  /** Arguments may hold secrets; what else looks like a reference is the program's own business, as in MCPM v2. */
  async #arguments(): Promise<readonly string[]> {
    const { args } = this.#spec;
    if (!args.some((word) => word.includes('${secret:'))) return args;
    const secret = args.map((word) => (word.includes('${secret:') ? word : ''));
    const resolved = await this.#world.resolve(Object.fromEntries(secret.entries()));
    return args.map((word, at) => resolved[at] || word);
  }

  #spawn(env: Record<string, string | undefined>, words: readonly string[]): ChildProcess {
    const { ctx } = this.#world;
    const { command, args, verbatim } = commandLine(
      this.#spec.command,
      words,
      pathOf(env) ?? '',
      ctx,
    );
    try {
      return spawn(command, [...args], {
        cwd: workingFolder(this.#spec.cwd ?? ctx.cwd, ctx.home),
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: ctx.platform !== 'win32',
        windowsHide: true,
        windowsVerbatimArguments: verbatim === true,
      });
    } catch (error) {
      this.#state = 'down';
      throw this.#startError(error, env);
    }
  }

  #startError(error: unknown, env: Record<string, string | undefined>): McpmError {
    const { name, command } = this.#spec;
    const { ctx } = this.#world;
    if (systemCode(error) === 'ENOENT' && !findCommand(command, pathOf(env) ?? '', ctx)) {
      return new McpmError(
        'RUNTIME_MISSING',
        `"${command}", which server "${name}" needs, is not installed or not on the PATH`,
        {
          hint: hintFor(command),
          data: { server: name, command },
          cause: error,
        },
      );
    }
    return new McpmError(
      'SERVER_START',
      `server "${name}" cannot be started: ${redact(messageOf(error))}`,
      {
        hint: `Check its command with \`mcpm edit ${name}\`.`,
        data: { server: name, command },
        cause: error,
      },
    );
  }

  #wire(child: ChildProcess): void {
    const { ctx, settings, watchdog } = this.#world;
    this.#tree = treeOf(child, ctx.platform);
    watchdog.add(child.pid ?? 0);
    const intake = new Intake({
      name: this.name,
      limits: settings,
      warn: (text) => ctx.log.warn(text),
      deliver: (frame) => this.#handlers?.onMessage(frame),
    });
    const reader = new LineReader(settings.maxFrameBytes, {
      onLine: (line, withEnd) => intake.take(line, withEnd),
      onOversized: (line) => intake.oversized(line),
    });
    child.stdout?.on('data', (chunk: Buffer) => reader.push(chunk));
    child.stdout?.on('end', () => reader.end());
    child.stderr?.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    if (child.stdin) {
      this.#writer = new LineWriter(
        child.stdin,
        () => this.#handlers?.onDrain(),
        () => {},
      );
    }
    this.#state = 'up';
    child.once('exit', (code, signal) => void this.#exited(child, code, signal));
  }

  /** The child is gone; what it still wrote is read first, but a grandchild that holds its pipes does not keep us waiting. */
  async #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null) {
    await Promise.race([
      new Promise((resolve) => child.once('close', resolve)),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]);
    this.#state = 'down';
    const expected = this.#closing !== undefined;
    const reason = signal ? `was killed by ${signal}` : `exited with code ${code}`;
    const exit: UpstreamExit = { expected, reason, tail: this.#stderr.text(), code, signal };
    this.#handlers?.onClose(exit);
    void this.close();
  }
}

/** How to get a program that servers commonly need. */
function hintFor(command: string): string {
  const name = command.replace(/^.*[\\/]/, '').replace(/\.(cmd|exe|bat)$/i, '');
  if (name === 'uvx' || name === 'uv')
    return 'Install uv: https://docs.astral.sh/uv/getting-started/installation/';
  if (name === 'npx' || name === 'node') return 'Install Node.js: https://nodejs.org/en/download';
  if (name === 'docker') return 'Install Docker: https://docs.docker.com/get-started/get-docker/';
  if (name === 'bunx' || name === 'bun') return 'Install Bun: https://bun.sh';
  return `Install it, or give the whole path with \`mcpm edit\`.`;
}
