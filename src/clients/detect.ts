/** Whether a client is on this machine. */
import type { Context } from '../context.ts';
import { exists } from '../platform/files.ts';
import { overrideOf } from './lookup.ts';
import { filesOf, resolveTemplates } from './paths.ts';
import type { ClientRow } from './types.ts';

/**
 * The path that shows a client is installed: the file that a setting names for it, one of its folders, its configuration
 * file, or its program on the PATH. `undefined` when there is no trace of it.
 */
export async function detect(ctx: Context, row: ClientRow): Promise<string | undefined> {
  const named = await overrideOf(ctx, row);
  if (named !== undefined) return named;
  const traces = [
    ...resolveTemplates(row.detect.folders, ctx),
    ...filesOf(row, 'user', ctx),
    ...row.detect.executables.flatMap((program) => onPath(ctx, program)),
  ];
  for (const path of traces) if (await exists(path)) return path;
  return undefined;
}

/** Every path at which a program of this name would be found. */
function onPath(ctx: Context, program: string): readonly string[] {
  const windows = ctx.platform === 'win32';
  const folders = (ctx.env.PATH ?? ctx.env.Path ?? '').split(windows ? ';' : ':').filter(Boolean);
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  return folders.flatMap((folder) => endings.map((ending) => `${folder}/${program}${ending}`));
}
