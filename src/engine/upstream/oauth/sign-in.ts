/** How a person at this machine gets to an authorization server's page. */
import type { Context } from '../../../context.ts';
import { canOpenBrowser, openBrowser } from '../../../platform/browser.ts';
import type { SignIn } from './types.ts';

/**
 * The browser where there is one; else the address on stderr where someone reads it; else nothing, and signing in is refused
 * with the command that does it. Nothing can be pasted here: stdin may carry the protocol.
 */
export function signInFromHere(ctx: Context, name: string): SignIn | undefined {
  if (canOpenBrowser(ctx)) return { open: (url) => openOrPrint(ctx, name, url) };
  return ctx.terminal.interactive ? { open: async (url) => print(ctx, name, url) } : undefined;
}

async function openOrPrint(ctx: Context, name: string, url: URL): Promise<void> {
  ctx.log.info(`Signing in to ${name} in the browser …`);
  if (!(await openBrowser(ctx, url.href))) print(ctx, name, url);
}

/** Show the address. It goes around the log, which would mask the one-time values in it. */
export function print(ctx: Pick<Context, 'stderr'>, name: string, url: URL): void {
  ctx.stderr.write(`Sign in to ${name} at this address:\n\n  ${url.href}\n\n`);
}
