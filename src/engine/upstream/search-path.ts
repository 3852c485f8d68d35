/** Where the programs of servers are found when a graphical client started us with a bare PATH. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, delimiter as hostDelimiter, isAbsolute, join, posix, win32 } from 'node:path';
import type { Context } from '../../context.ts';

type World = Pick<Context, 'env' | 'home' | 'platform' | 'self'>;

/** Folders that package managers install programs to and that a bare PATH lacks; in order of preference. */
function usualFolders(world: World): string[] {
  const { env, home } = world;
  if (world.platform === 'win32') {
    const local = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
    const roaming = env.APPDATA ?? win32.join(home, 'AppData', 'Roaming');
    return [
      win32.join(roaming, 'npm'),
      win32.join(home, '.local', 'bin'),
      win32.join(home, '.bun', 'bin'),
      win32.join(home, '.cargo', 'bin'),
      win32.join(local, 'Programs', 'nodejs'),
      'C:\\Program Files\\nodejs',
      'C:\\Program Files\\Docker\\Docker\\resources\\bin',
    ];
  }
  return [
    ...['.local/bin', '.bun/bin', '.deno/bin', '.volta/bin', '.cargo/bin', '.pyenv/shims'].map(
      (folder) => posix.join(home, folder),
    ),
    '/opt/homebrew/bin',
    '/home/linuxbrew/.linuxbrew/bin',
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
    '/snap/bin',
  ];
}

/** The PATH a server gets: ours first, then the folder of the Node that runs us, then the usual places. No duplicates. */
export function searchPath(world: World): string {
  const delimiter = world.platform === 'win32' ? ';' : hostDelimiter;
  const given = (pathOf(world.env) ?? '').split(delimiter);
  const node = isAbsolute(world.self.command) ? [dirname(world.self.command)] : [];
  const all = [...given, ...node, ...usualFolders(world)].filter((folder) => folder !== '');
  return [...new Set(all)].join(delimiter);
}

/** The value of PATH, whatever its case (`Path` on Windows). */
export function pathOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.PATH !== undefined) return env.PATH;
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH');
  return key === undefined ? undefined : env[key];
}

/** The file that a command names, searched in `path`; undefined when there is none. A command with a separator is taken as it is. */
export function findCommand(
  command: string,
  path: string,
  world: Pick<World, 'env' | 'platform'>,
): string | undefined {
  const windows = world.platform === 'win32';
  const pathext = (world.env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';');
  const endings = windows ? ['', ...pathext] : [''];
  const separated = command.includes('/') || (windows && command.includes('\\'));
  const bases = separated
    ? [command]
    : path.split(windows ? ';' : hostDelimiter).map((folder) => join(folder, command));
  return bases
    .flatMap((base) => endings.map((ending) => base + ending))
    .find((file) => isProgram(file, windows));
}

function isProgram(file: string, windows: boolean): boolean {
  try {
    if (!windows) accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The working folder for a server: ours, or the home when ours has vanished. */
export function workingFolder(wanted: string, home: string): string {
  return existsSync(wanted) ? wanted : home;
}
