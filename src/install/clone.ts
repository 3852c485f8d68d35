/** Repositories: cloned aside while a plan is made, moved into place when it is carried out. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { removeTree } from '../platform/files.ts';
import { runTool } from '../platform/tool.ts';
import { withoutCredentials } from '../registry/index.ts';

/** A repository on this machine. */
export interface Clone {
  readonly folder: string;
  readonly url: string;
  readonly commit: string;
  /** Absent when a commit or tag was asked for. */
  readonly branch?: string;
}

const CLONE_MS = 300_000;

/**
 * Clone a repository into the cache.
 * @param revision a branch, a tag or a commit; the default branch when absent
 * @throws McpmError `NETWORK` when it cannot be had, `NOT_FOUND` for the revision, `RUNTIME_MISSING` without git
 */
export async function clone(
  ctx: Context,
  url: string,
  revision: string | undefined,
): Promise<Clone> {
  const key = createHash('sha256')
    .update(`${url}#${revision ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(ctx.paths.cacheDir, 'checkouts', key);
  await removeTree(folder);
  const { exitCode, stderr } = await git(ctx, undefined, 'clone', '--quiet', '--', url, folder);
  if (exitCode !== 0) {
    const shown = withoutCredentials(url);
    throw new McpmError('NETWORK', `Cannot clone ${shown}: ${gitComplaint(stderr)}`, {
      hint: 'Check the address, and whether you may read it.',
      data: { url: shown },
    });
  }
  if (revision !== undefined) await checkOut(ctx, folder, url, revision);
  const commit = await answer(ctx, folder, 'rev-parse', 'HEAD');
  const branch = await answer(ctx, folder, 'symbolic-ref', '--quiet', '--short', 'HEAD');
  return { folder, url, commit, ...(branch === '' ? {} : { branch }) };
}

async function answer(ctx: Context, folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await git(ctx, folder, ...args);
  return stdout.trim();
}

async function checkOut(
  ctx: Context,
  folder: string,
  url: string,
  revision: string,
): Promise<void> {
  const isOption = revision.startsWith('-');
  const done = isOption ? undefined : await git(ctx, folder, 'checkout', '--quiet', revision, '--');
  if (done?.exitCode === 0) return;
  await removeTree(folder);
  const shown = withoutCredentials(url);
  throw new McpmError('NOT_FOUND', `${shown} has no branch, tag or commit ${revision}`, {
    data: { url: shown, revision },
  });
}

function git(ctx: Context, cwd: string | undefined, ...args: string[]) {
  return runTool('git', args, {
    // No question to a person who cannot see it, and no transport that runs commands.
    env: { ...ctx.env, GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file' },
    platform: ctx.platform,
    timeoutMs: CLONE_MS,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** What git says went wrong: advice comes after it, what git was doing before. */
export function gitComplaint(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
}
