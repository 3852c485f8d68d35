/** The store of secrets: a list of names in one file, each value in the keychain or sealed in that file. */
import type { Context } from '../context.ts';
import { McpmError, messageOf } from '../errors.ts';
import { withLock } from '../platform/files.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { openingKey, writingKey } from './keys.ts';
import { seal, unseal } from './seal.ts';
import { readVault, type Vault, type VaultEntry, vaultPath, writeVault } from './vault-file.ts';

/** Where secrets are kept. */
export interface SecretStore {
  /** Where new secrets go. */
  readonly backend: 'keychain' | 'file';
  /**
   * The value of a secret, or `undefined` when none has that name.
   * @throws McpmError `SECRET` when it is there and cannot be read.
   */
  get(name: string): Promise<string | undefined>;
  /**
   * Store a secret, replacing an earlier one of the name. A value the keychain refuses (too long, locked) goes to the file.
   * @throws McpmError `INVALID_INPUT` for a bad name, `SECRET` when earlier secrets cannot be read, `CONFIG_ACCESS` or
   * `CONFIG_LOCKED` when nothing can be written.
   */
  set(name: string, value: string): Promise<void>;
  /** Forget a secret; says whether there was one. */
  delete(name: string): Promise<boolean>;
  /** The names of all secrets, sorted. */
  list(): Promise<readonly string[]>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/;

/**
 * Open the store. The keychain is looked for once, here; `MCPM_SECRETS_BACKEND` (`keychain` or `file`) decides otherwise.
 * @param found the keychain to use, where it is not the machine's own.
 * @throws McpmError `SECRET` when the keychain was demanded and there is none.
 */
export async function openStore(
  ctx: Context,
  found: Promise<Keychain | undefined> = openKeychain(ctx),
): Promise<SecretStore> {
  const keychain = await found;
  if (keychain === undefined && ctx.env.MCPM_SECRETS_BACKEND === 'keychain')
    throw new McpmError('SECRET', 'There is no keychain to be reached from here', {
      hint: 'Start mcpm in a desktop session, or unset MCPM_SECRETS_BACKEND to use the encrypted file.',
    });
  const path = vaultPath(ctx);
  return {
    backend: keychain === undefined ? 'file' : 'keychain',
    get: (name) => readSecret(ctx, name, async () => keychain),
    set: async (name, value) => {
      checkName(name);
      await withLock(path, async () => {
        const vault = await readVault(path);
        const next = await put(ctx, keychain, vault, { name, value });
        await writeVault(path, next);
        if (next.secrets[name]?.in === 'file') await forget(keychain, entryOf(vault, name), name);
      });
    },
    delete: (name) =>
      withLock(path, async () => {
        const vault = await readVault(path);
        const entry = entryOf(vault, name);
        if (entry === undefined) return false;
        const { [name]: _, ...secrets } = vault.secrets;
        await writeVault(path, { ...vault, secrets });
        await forget(keychain, entry, name);
        return true;
      }),
    list: async () => Object.keys((await readVault(path)).secrets).sort((a, b) => (a < b ? -1 : 1)),
  };
}

/**
 * One secret's value. The keychain is looked for only when this secret is in it.
 * @throws McpmError `SECRET` when it is there and cannot be read.
 */
export async function readSecret(
  ctx: Context,
  name: string,
  keychain: () => Promise<Keychain | undefined> = () => openKeychain(ctx),
): Promise<string | undefined> {
  const path = vaultPath(ctx);
  const vault = await readVault(path);
  const entry = entryOf(vault, name);
  if (entry === undefined) return undefined;
  if (entry.in === 'keychain') return readFromKeychain(await keychain(), name);
  const key = await openingKey(ctx, vault, entry.key);
  try {
    return unseal(key, name, entry);
  } catch (cause) {
    throw new McpmError('SECRET', `The secret ${name} in ${path} was changed or damaged`, {
      hint: 'Enter it again; the file was left as it is.',
      cause,
      data: { name, file: path },
    });
  }
}

async function readFromKeychain(keychain: Keychain | undefined, name: string): Promise<string> {
  const fail = (reason: string, cause?: unknown) =>
    new McpmError('SECRET', `The secret ${name} ${reason}`, {
      hint: 'Start mcpm in your desktop session with the keychain unlocked, or enter the secret again.',
      cause,
      data: { name },
    });
  if (keychain === undefined) throw fail('is in the keychain, which cannot be reached from here');
  const value = await keychain.get(name).catch((cause: unknown) => {
    throw fail(`cannot be read from the keychain: ${messageOf(cause)}`, cause);
  });
  if (value === undefined) throw fail('is no longer in the keychain');
  return value;
}

/** The vault with the secret in it; its value is in the keychain by then, if that is its place. */
async function put(
  ctx: Context,
  keychain: Keychain | undefined,
  vault: Vault,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<Vault> {
  if (keychain !== undefined) {
    try {
      await keychain.set(name, value);
      return { ...vault, secrets: { ...vault.secrets, [name]: { in: 'keychain' } } };
    } catch (cause) {
      ctx.log.warn(`The keychain refused ${name} (${messageOf(cause)}); it goes to the file.`);
    }
  }
  const writing = await writingKey(ctx, vault);
  if (keychain === undefined && Object.keys(vault.keys).length === 0)
    ctx.log.info(`No keychain here: secrets are kept encrypted in ${ctx.paths.secretsDir}`);
  const entry: VaultEntry = { in: 'file', key: writing.kind, ...seal(writing.key, name, value) };
  return { ...writing.vault, secrets: { ...vault.secrets, [name]: entry } };
}

/** Remove what the keychain still holds of an entry that moved or went. A leftover there harms nobody. */
async function forget(
  keychain: Keychain | undefined,
  entry: VaultEntry | undefined,
  name: string,
): Promise<void> {
  if (entry?.in === 'keychain') await keychain?.delete(name).catch(() => {});
}

function entryOf(vault: Vault, name: string): VaultEntry | undefined {
  return Object.hasOwn(vault.secrets, name) ? vault.secrets[name] : undefined;
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new McpmError('INVALID_INPUT', `${JSON.stringify(name)} cannot be the name of a secret`, {
    hint: 'Use up to 200 letters, digits and . _ : @ / - , beginning with a letter or a digit.',
    data: { name },
  });
}
