/** The operating system's keychain: macOS Keychain, Windows Credential Manager, the Secret Service of a Linux desktop. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { exists } from '../platform/files.ts';

/** What a keychain has to offer. Every member rejects when the keychain is locked or refuses. */
export interface Keychain {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** How long a keychain may take to say that it is there, in milliseconds. */
const PROBE_PATIENCE = 5_000;
/** How long it may take to answer; it may be asking the person for a password, in milliseconds. */
const PATIENCE = 60_000;

/**
 * The keychain of this machine, or `undefined` where there is none: a Linux without a session bus, a system the optional
 * library is not made for, or `MCPM_SECRETS_BACKEND=file`.
 */
export async function openKeychain(ctx: Context): Promise<Keychain | undefined> {
  if (ctx.env.MCPM_SECRETS_BACKEND === 'file' || !(await mayHaveKeychain(ctx))) return undefined;
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    // Without this the library falls back to the kernel's keyring, which forgets everything at the next boot.
    const options = { linux: { store: 'secret-service' } } as const;
    const entry = (name: string) => new AsyncEntry(serviceName(ctx), name, options);
    await entry('(probe)').getPassword(AbortSignal.timeout(PROBE_PATIENCE));
    return {
      get: async (name) => (await entry(name).getPassword(patience())) ?? undefined,
      set: (name, value) => entry(name).setPassword(value, patience()),
      delete: async (name) => {
        await entry(name).deleteCredential(patience());
      },
    };
  } catch (cause) {
    ctx.log.debug(`no keychain: ${messageOf(cause)}`);
    return undefined;
  }
}

function patience(): AbortSignal {
  return AbortSignal.timeout(PATIENCE);
}

/** Another configuration folder is another world: its secrets must not replace those of the usual one. */
function serviceName(ctx: Context): string {
  return ctx.env.MCPM_CONFIG_DIR ? `mcpm ${ctx.paths.configDir}` : 'mcpm';
}

/** On Linux the Secret Service needs a session bus; without one the library may wait for it in vain. */
async function mayHaveKeychain(ctx: Context): Promise<boolean> {
  if (ctx.platform !== 'linux' || ctx.env.DBUS_SESSION_BUS_ADDRESS) return true;
  return ctx.env.XDG_RUNTIME_DIR ? exists(join(ctx.env.XDG_RUNTIME_DIR, 'bus')) : false;
}
