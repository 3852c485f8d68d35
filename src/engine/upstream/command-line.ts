/** A server's command as the operating system can start it. On Windows a `.cmd` shim becomes what it stands for, never a shell string. */
import { readFileSync } from 'node:fs';
import { dirname, win32 } from 'node:path';
import type { Context } from '../../context.ts';
import { findCommand } from './search-path.ts';

/** A program and its arguments, for `spawn` without a shell. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  /** The arguments are quoted already (Windows, `cmd.exe`). */
  readonly verbatim?: boolean;
}

type World = Pick<Context, 'env' | 'platform' | 'self'>;

/** Turn a configured command into one that can be spawned. On POSIX the operating system searches PATH itself. */
export function commandLine(
  command: string,
  args: readonly string[],
  path: string,
  world: World,
): CommandLine {
  if (world.platform !== 'win32') return { command, args };
  const file = findCommand(command, path, world) ?? command;
  if (!/\.(cmd|bat)$/i.test(file)) return { command: file, args };
  const script = scriptOfShim(file);
  if (script) return { command: world.self.command, args: [script, ...args] };
  return throughCmd(file, args, world.env.ComSpec ?? 'cmd.exe');
}

/** The JavaScript file that an npm shim starts (`"%dp0%\node_modules\…\cli.js"`, `"%~dp0\node_modules\npm\bin\npx-cli.js"`). */
function scriptOfShim(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const npx = /SET "(?:NPX|NPM)_CLI_JS=%~dp0\\([^"%]+\.js)"/i.exec(text);
    const shim = /"%(?:~dp0|dp0)%?\\([^"%]+\.[cm]?js)"/i.exec(text);
    const relative = (npx ?? shim)?.[1];
    return relative === undefined ? undefined : win32.join(dirname(file), relative);
  } catch {
    return undefined;
  }
}

/** A batch file can only be run by `cmd.exe`: every argument is quoted, and every character that it would interpret is escaped. */
function throughCmd(file: string, args: readonly string[], shell: string): CommandLine {
  const guard = (text: string) => text.replace(/([()\][%!^"`<>&|;, *?])/g, '^$1');
  const quoted = args.map((arg) => {
    const inner = arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1');
    return guard(guard(`"${inner}"`));
  });
  const line = [guard(file), ...quoted].join(' ');
  return { command: shell, args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}
