/** How an error reaches the person (stderr) or the program (`{"error":…}`). */
import { type Context, isTrue } from '../../context.ts';
import { McpmError, messageOf } from '../../errors.ts';
import { redact } from '../../platform/redact.ts';
import { createUi } from './ui.ts';

/** Write an error as JSON to a stream, or for a person to stderr. A bug keeps its stack; a user's mistake shows what, where and what to do next. */
export function renderError(
  ctx: Context,
  error: unknown,
  json: NodeJS.WritableStream | undefined,
): void {
  if (json) {
    json.write(`${JSON.stringify({ error: errorData(error) }, null, 2)}\n`);
    return;
  }
  const ui = createUi({ color: ctx.terminal.errorColor, width: Number.POSITIVE_INFINITY });
  const lines = [`${ui.red('error:')} ${printable(messageOf(error))}`];
  if (error instanceof McpmError) {
    if (error.hint) lines.push(`${ui.dim('hint:')} ${printable(error.hint)}`);
    if (error.cause && isTrue(ctx.env.MCPM_DEBUG)) lines.push(ui.dim(redact(stackOf(error.cause))));
  } else {
    lines.push(
      ui.dim(redact(stackOf(error))),
      'This is a defect of mcpm; please report it with the lines above.',
    );
  }
  ctx.stderr.write(`${lines.join('\n')}\n`);
}

/** Secrets masked, and control characters as they are written in JSON: what is wrong may be a name with an escape sequence in it. */
function printable(text: string): string {
  return redact(text).replace(
    /[^\P{Cc}\n\t]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function errorData(error: unknown) {
  if (!(error instanceof McpmError)) {
    return { code: 'INTERNAL', message: redact(messageOf(error)), stack: redact(stackOf(error)) };
  }
  return {
    code: error.code,
    message: redact(error.message),
    ...(error.hint === undefined ? {} : { hint: redact(error.hint) }),
    ...(error.data === undefined ? {} : { data: error.data }),
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
