/** Secrets: kept in the system's keychain or an encrypted file, referred to from the configuration by name. */
import type { Context } from '../context.ts';
import type { SecretStore } from './store.ts';

export { resolveReferences, secretReference, secretsIn } from './references.ts';
export type { SecretStore } from './store.ts';

/**
 * Open the store of secrets; its code is loaded only now.
 * @throws McpmError `SECRET` when `MCPM_SECRETS_BACKEND=keychain` and there is none.
 */
export async function openSecrets(ctx: Context): Promise<SecretStore> {
  const { openStore } = await import('./store.ts');
  return openStore(ctx);
}

/**
 * One secret's value, or `undefined`. Cheaper than opening the store: the keychain is looked for only when this secret is in it.
 * @throws McpmError `SECRET` when it is there and cannot be read.
 */
export async function readSecret(ctx: Context, name: string): Promise<string | undefined> {
  const { readSecret: read } = await import('./store.ts');
  return read(ctx, name);
}
