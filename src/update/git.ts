/** The few things an update needs of git, each a command that never asks for anything. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { gitComplaint } from '../install/index.ts';
import { runTool, type ToolResult } from '../platform/tool.ts';

const LOCAL_LIMIT = 30_000;
const NETWORK_LIMIT = 120_000;

/** A checkout on this machine. */
export interface Repository {
  /** The output of a command, trimmed. @throws McpmError `CONFLICT` or `NETWORK` with what git said when it fails. */
  read(...args: readonly string[]): Promise<string>;
  /** The same, or `undefined` when it fails. */
  ask(...args: readonly string[]): Promise<string | undefined>;
}

/** The repository at a folder. Every member rejects with `RUNTIME_MISSING` without git, `NETWORK` when it takes too long. */
export function repository(ctx: Context, path: string): Repository {
  const run = async (args: readonly string[]): Promise<ToolResult> => {
    const result = await runTool('git', ['-C', path, ...args], {
      env: { ...ctx.env, GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never', LC_ALL: 'C' },
      platform: ctx.platform,
      timeoutMs: isRemote(args) ? NETWORK_LIMIT : LOCAL_LIMIT,
    });
    if (!result.timedOut) return result;
    throw new McpmError('NETWORK', `git ${args[0]} in ${path} took too long`, { data: { path } });
  };
  return {
    async read(...args) {
      const { exitCode, stdout, stderr } = await run(args);
      if (exitCode === 0) return stdout.trim();
      const code = isRemote(args) ? 'NETWORK' : 'CONFLICT';
      throw new McpmError(code, `git ${args[0]} failed in ${path}: ${gitComplaint(stderr)}`, {
        data: { path },
      });
    },
    async ask(...args) {
      const { exitCode, stdout } = await run(args);
      return exitCode === 0 ? stdout.trim() : undefined;
    },
  };
}

function isRemote([command = '']: readonly string[]): boolean {
  return command === 'fetch' || command === 'ls-remote';
}
