/** The person's browser. */
import { spawn } from 'node:child_process';
import type { Env } from './paths.ts';

/** What is looked at. */
export interface BrowserContext {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/**
 * Whether a browser on this machine can be opened for someone who sees it. `BROWSER` settles it; else not without a person
 * (`CI`, `MCPM_NON_INTERACTIVE`), over SSH, or on a Unix without a display.
 */
export function canOpenBrowser({ env, platform }: BrowserContext): boolean {
  if (env.BROWSER) return true;
  if (env.CI || env.MCPM_NON_INTERACTIVE || env.SSH_CONNECTION) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Open a URL in the browser. Resolves to whether a program for it was started; that it shows anything is not known. */
export function openBrowser({ env, platform }: BrowserContext, url: string): Promise<boolean> {
  const [command = '', ...args] = commandFor(env, platform, url);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env: { ...env } });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** The program of each system that opens a URL without a shell looking at it. `%s` in `BROWSER` stands for the URL. */
function commandFor(env: Env, platform: NodeJS.Platform, url: string): string[] {
  const chosen = env.BROWSER?.split(/\s+/).filter(Boolean) ?? [];
  if (chosen.some((word) => word.includes('%s')))
    return chosen.map((word) => word.replace('%s', url));
  if (chosen.length > 0) return [...chosen, url];
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
