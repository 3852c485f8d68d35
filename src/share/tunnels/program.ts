/** What the tunnels have in common that another program holds open: found, started, its URL read from its output, started again. */

import type { ShareSetting } from '../../config/index.ts';
import { McpmError } from '../../errors.ts';
import { startProgram } from '../../platform/program.ts';
import { redact } from '../../platform/redact.ts';
import { findProgram } from '../../platform/which.ts';
import { pause } from '../backoff.ts';
import { type Held, hold } from './hold.ts';
import type { ProviderId, Tunnel, TunnelRequest } from './types.ts';

/** A tunnel as a program: what differs between them. */
export interface ProgramSpec {
  readonly id: ProviderId;
  /** The program's file, as {@link locate} found it. */
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment. Secrets go here, not into the arguments, where everyone on the machine can read them. */
  readonly env?: Readonly<Record<string, string>>;
  /** The public URL, once a line of output tells that the tunnel is open. */
  readonly urlIn: (line: string) => string | undefined;
  /** The request field that holds the visitor's address, when the tunnel sets it itself. */
  readonly addressHeader?: string;
  /** Removes what was made for the program. */
  readonly cleanUp?: () => Promise<void>;
}

const OPEN_TIMEOUT = 30_000;
/** Lines of output that an error quotes. */
const TAIL = 5;

/**
 * The file of a tunnel's program, from the setting or from PATH.
 * @param advice how to get it
 * @throws McpmError `RUNTIME_MISSING`.
 */
export async function locate(
  { ctx, settings }: TunnelRequest,
  name: string,
  setting: ShareSetting,
  advice: string,
): Promise<string> {
  const wanted = settings[setting] ?? name;
  const file = await findProgram(ctx, wanted);
  if (file !== undefined) return file;
  throw new McpmError(
    'RUNTIME_MISSING',
    settings[setting] === undefined
      ? `${name} is not on PATH`
      : `${setting} names ${wanted}, which is no program`,
    {
      hint: `${advice} mcpm downloads no programs. If it is elsewhere: mcpm config set --key ${setting} --value /path/to/${name}`,
      data: { program: name },
    },
  );
}

/**
 * Hold a tunnel open through a program; when the program ends, it is started again with back-off.
 * @throws McpmError `TUNNEL` when it ends, or shows no URL within 30 s, at the first attempt.
 */
export async function openProgram(request: TunnelRequest, spec: ProgramSpec): Promise<Tunnel> {
  const again = () => attempt(request, spec).catch(() => undefined);
  const tunnel = hold(request, await attempt(request, spec), again);
  const closed = tunnel.closed.finally(() => spec.cleanUp?.());
  return {
    url: tunnel.url,
    ...(spec.addressHeader !== undefined && { addressHeader: spec.addressHeader }),
    closed,
    async close() {
      await tunnel.close();
      await closed.catch(() => {});
    },
  };
}

async function attempt(request: TunnelRequest, spec: ProgramSpec): Promise<Held> {
  const { ctx, signal } = request;
  const lines: string[] = [];
  let found: (url: string) => void = () => {};
  const opened = new Promise<string>((resolve) => {
    found = resolve;
  });
  const program = await startProgram(spec.program, spec.args, {
    env: { ...ctx.env, ...spec.env },
    onLine: (line) => {
      lines.push(line);
      if (lines.length > TAIL) lines.shift();
      ctx.log.debug(`${spec.id}: ${line}`);
      const url = spec.urlIn(line);
      if (url !== undefined) found(url.replace(/\/+$/, ''));
    },
  });
  const timer = new AbortController();
  const outcome = await Promise.race([
    opened.then((url) => ({ url })),
    program.exited.then((status) => ({ failed: `it ended (${status})` })),
    pause(OPEN_TIMEOUT, AbortSignal.any([signal, timer.signal])).then(() => ({
      failed: signal.aborted
        ? 'it was stopped'
        : `it showed no URL within ${OPEN_TIMEOUT / 1000} s`,
    })),
  ]);
  timer.abort();
  if ('url' in outcome) {
    const gone = program.exited.then((status) => `${spec.id} ended (${status})`);
    return { url: outcome.url, gone, close: () => program.stop() };
  }
  await program.stop();
  throw new McpmError('TUNNEL', `${spec.id} opened no tunnel: ${outcome.failed}`, {
    hint: lines.length > 0 ? `It said: ${redact(lines.join(' | '))}` : 'It said nothing.',
    data: { provider: spec.id },
  });
}
