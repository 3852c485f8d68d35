/** Path templates of client rows → absolute paths. Pure: any system's paths can be computed on any machine. */
import { posix, win32 } from 'node:path';
import type { Env } from '../platform/paths.ts';
import type { ClientRow, Os, OsPaths, Scope } from './types.ts';

/** What a path depends on: the part of the context that templates may refer to. */
export interface Place {
  readonly home: string;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** The folder that a project's files are relative to. */
  readonly cwd: string;
}

/** The same templates on every system. */
export function everywhere(...templates: readonly string[]): OsPaths {
  return { darwin: templates, win32: templates, linux: templates };
}

/** Below the configuration folder that command-line programs use everywhere: XDG's, also on macOS and Windows. */
export function xdg(...paths: readonly string[]): OsPaths {
  return everywhere(
    ...paths.map((path) => `$XDG_CONFIG_HOME/${path}`),
    ...paths.map((path) => `~/.config/${path}`),
  );
}

/** Below the folder in which Electron programs keep their data (`app.getPath('userData')`). */
export function appData(...paths: readonly string[]): OsPaths {
  return {
    darwin: paths.map((path) => `~/Library/Application Support/${path}`),
    win32: paths.map((path) => `%APPDATA%/${path}`),
    linux: xdg(...paths).linux,
  };
}

/** The templates of each, one after the other. */
export function either(...each: readonly OsPaths[]): OsPaths {
  return {
    darwin: each.flatMap((paths) => paths.darwin),
    win32: each.flatMap((paths) => paths.win32),
    linux: each.flatMap((paths) => paths.linux),
  };
}

/**
 * The absolute paths where a client may keep its configuration, the preferred first. Empty when the client has no such scope
 * or does not exist on this system.
 */
export function filesOf(row: ClientRow, scope: Scope, place: Place): readonly string[] {
  return resolveAll(row, scope, place).map(({ path }) => path);
}

/** The one of {@link filesOf} that is made where there is none. */
export function fileToMake(row: ClientRow, scope: Scope, place: Place): string | undefined {
  return resolveAll(row, scope, place).find(({ given }) => !given)?.path;
}

/**
 * Resolve templates for a system. A `$VAR` template counts only when the variable is set, and then only those of the same
 * variable count after it.
 */
export function resolveTemplates(paths: OsPaths, place: Place): readonly string[] {
  return resolve(paths[osOf(place.platform)], place).map(({ path }) => path);
}

/** A template's path, and whether it is only used where the client has made its folder. */
interface Resolved {
  readonly path: string;
  readonly given: boolean;
}

function resolveAll(row: ClientRow, scope: Scope, place: Place): readonly Resolved[] {
  if (scope === 'user') return resolve(row.user[osOf(place.platform)], place);
  return row.project.map((path) => ({ path: joinLike(place.cwd, path), given: false }));
}

function resolve(templates: readonly string[], place: Place): readonly Resolved[] {
  const resolved: Resolved[] = [];
  let decided: string | undefined;
  for (const template of templates) {
    const given = template.startsWith('?');
    const [root = '', ...rest] = template.slice(given ? 1 : 0).split('/');
    const folder = rootOf(root, place);
    if (folder === undefined || (decided !== undefined && root !== decided)) continue;
    if (root.startsWith('$')) decided = root;
    resolved.push({ path: joinLike(folder, ...rest), given });
  }
  return resolved;
}

function osOf(platform: NodeJS.Platform): Os {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}

/** The folder that a template's first segment stands for; `undefined` for an unset variable. */
function rootOf(root: string, { home, env }: Place): string | undefined {
  if (root === '~') return home;
  if (root === '%APPDATA%') return env.APPDATA || joinLike(home, 'AppData', 'Roaming');
  if (root === '%LOCALAPPDATA%') return env.LOCALAPPDATA || joinLike(home, 'AppData', 'Local');
  if (root.startsWith('$')) return env[root.slice(1)] || undefined;
  return root === '' ? '/' : root;
}

/** Join in the manner of the root: Windows separators only below a Windows path. */
function joinLike(root: string, ...rest: readonly string[]): string {
  const windows = /^[a-z]:|\\/i.test(root);
  return windows ? win32.join(root, ...rest) : posix.join(root, ...rest);
}
