/** How a client starts mcpm: by name where the PATH is the person's, else through a launcher of our own. */
import type { Context } from '../context.ts';
import { makeExecutable, readText, writeFileAtomic } from '../platform/files.ts';
import { findProgram } from '../platform/which.ts';
import type { ClientRow, Scope } from './types.ts';

/**
 * The command of an entry. Desktop programs have no PATH of the person's, so they get the launcher's absolute path; so do
 * all when no lasting `mcpm` is on the PATH (`npx` removes its own). A project's file is shared, so it prefers the name.
 */
export async function commandFor(ctx: Context, row: ClientRow, scope: Scope): Promise<string> {
  const byName = row.startedFrom === 'terminal' || scope === 'project';
  const program = byName ? await findProgram(ctx, 'mcpm') : undefined;
  const lasting = program !== undefined && !/[/\\](_npx|node_modules)[/\\]/.test(program);
  return lasting ? 'mcpm' : ctx.paths.launcher;
}

/** Write the launcher, or bring it up to date. It runs this very program with this very Node, both by absolute path. */
export async function ensureLauncher(ctx: Context): Promise<void> {
  const text = launcherText(ctx);
  const file = ctx.paths.launcher;
  if ((await readText(file)) === text) return;
  await writeFileAtomic(file, text, { mode: 0o755 });
  await makeExecutable(file);
}

/**
 * The launcher's text for a system. Pure. Where this Node is gone (a package manager replaced its folder by the next
 * version's), the one that is found takes its place.
 */
export function launcherText({ platform, self }: Pick<Context, 'platform' | 'self'>): string {
  const says = 'Starts mcpm for clients that do not have your PATH. Written by "mcpm client edit".';
  if (platform === 'win32') {
    const quote = (word: string) => `"${word.replaceAll('%', '%%')}"`;
    const rest = self.args.map((word) => ` ${quote(word)}`).join('');
    const node = quote(self.command);
    return [
      '@echo off',
      `rem ${says}`,
      `if exist ${node} (${node}${rest} %*) else (node${rest} %*)`,
      '',
    ].join('\r\n');
  }
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  const rest = `${self.args.map((word) => `${quote(word)} `).join('')}"$@"`;
  const node = quote(self.command);
  return `#!/bin/sh
# ${says}
if [ -x ${node} ]; then exec ${node} ${rest}; fi
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin:/usr/bin:$HOME/.local/bin"
exec node ${rest}
`;
}

/** What to know about a launcher that leads into a folder which does not last. */
export function launcherNote({ self }: Pick<Context, 'self'>): string | undefined {
  if (!self.args.some((word) => /[/\\]_npx[/\\]/.test(word))) return undefined;
  return 'mcpm runs from the cache of npx, which npm empties at will: install it for good with npm install -g mcpm, then run this again.';
}
