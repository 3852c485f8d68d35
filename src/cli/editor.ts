/** The person's own editor. */
import { McpmError } from '../errors.ts';
import { runAttached } from '../platform/attached.ts';
import { ensureFile } from '../platform/files.ts';
import type { CommandContext } from './command.ts';
import { splitWords } from './words.ts';

/**
 * Open a file in `$VISUAL` or `$EDITOR` and wait until it is closed; a missing JSON file begins as `{}`.
 * @throws McpmError `USAGE` when no editor is set, `RUNTIME_MISSING` when it does not start, `CANCELLED` when it fails.
 */
export async function editFile(ctx: CommandContext, path: string): Promise<void> {
  const editor =
    ctx.env.VISUAL || ctx.env.EDITOR || (ctx.platform === 'win32' ? 'notepad' : undefined);
  if (!editor) {
    throw new McpmError('USAGE', 'No editor is set', {
      hint: `Set EDITOR (EDITOR=nano mcpm edit -e), or open ${path} yourself.`,
    });
  }
  await ensureFile(path, '{}\n');
  const [program = '', ...words] = splitWords(editor);
  const status = await runAttached(program, [...words, path], ctx.env);
  if (status !== 0) throw new McpmError('CANCELLED', `${program} ended with status ${status}`);
}
