/** The file `secrets.json`: which secrets there are, where each one is, and the encrypted ones themselves. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { McpmError, messageOf } from '../errors.ts';
import { writeFileAtomic } from '../platform/files.ts';
import { formatJson, readJson } from '../platform/json.ts';
import type { Sealed, Stretching } from './seal.ts';

/** Which key seals a value: the key file beside the vault, or the passphrase of `MCPM_SECRETS_KEY`. */
export type KeyKind = 'file' | 'passphrase';

/** Where one secret is. */
export type VaultEntry =
  | { readonly in: 'keychain' }
  | ({ readonly in: 'file'; readonly key: KeyKind } & Sealed);

/** The whole file. `check` is a known text sealed with the key, so that a wrong key is noticed before it is used. */
export interface Vault {
  readonly version: 1;
  readonly keys: {
    readonly file?: { readonly check: Sealed };
    readonly passphrase?: Stretching & { readonly check: Sealed };
  };
  readonly secrets: Readonly<Record<string, VaultEntry>>;
}

const EMPTY: Vault = { version: 1, keys: {}, secrets: {} };

/** The vault's path. */
export function vaultPath(ctx: Context): string {
  return join(ctx.paths.secretsDir, 'secrets.json');
}

/** The key file's path. */
export function keyPath(ctx: Context): string {
  return join(ctx.paths.secretsDir, 'secrets.key');
}

/**
 * Read the vault; an absent file is an empty one.
 * @throws McpmError `SECRET` when the file is there and is not a vault: it is never replaced by an empty one.
 */
export async function readVault(path: string): Promise<Vault> {
  let value: unknown;
  try {
    value = await readJson(path);
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
  if (value === undefined) return EMPTY;
  const reason = complaintAbout(value);
  if (reason !== undefined) throw unreadable(path, `${path}: ${reason}`);
  return value as Vault;
}

/** Replace the vault at once. The caller holds its lock. */
export async function writeVault(path: string, vault: Vault): Promise<void> {
  await writeFileAtomic(path, formatJson(vault), { mode: 0o600 });
}

function unreadable(path: string, message: string, cause?: unknown): McpmError {
  return new McpmError('SECRET', `The stored secrets cannot be read: ${message}`, {
    hint: `Restore ${path} from a backup, or move it away and enter the secrets again; it was left as it is.`,
    cause,
    data: { file: path },
  });
}

/** Why a parsed value is not a vault. By hand: this runs when a server starts, and a schema library costs 50 ms there. */
function complaintAbout(value: unknown): string | undefined {
  if (!isRecord(value)) return 'not an object';
  if (value.version !== 1)
    return `version ${JSON.stringify(value.version)} is not one this program knows`;
  if (!isRecord(value.keys)) return '"keys" is not an object';
  if (!isRecord(value.secrets)) return '"secrets" is not an object';
  const { file, passphrase } = value.keys;
  if (file !== undefined && !hasCheck(file)) return '"keys.file" is damaged';
  if (passphrase !== undefined && !(hasCheck(passphrase) && isStretching(passphrase)))
    return '"keys.passphrase" is damaged';
  const bad = Object.entries(value.secrets).find(([, entry]) => !isEntry(entry));
  return bad && `the entry ${JSON.stringify(bad[0])} is damaged`;
}

function isEntry(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.in === 'keychain') return true;
  const known = value.key === 'file' || value.key === 'passphrase';
  return value.in === 'file' && known && isSealed(value);
}

function hasCheck(value: unknown): boolean {
  return isRecord(value) && isSealed(value.check);
}

function isSealed(value: unknown): boolean {
  return isRecord(value) && ['nonce', 'tag', 'data'].every((key) => typeof value[key] === 'string');
}

function isStretching(value: unknown): boolean {
  if (!isRecord(value) || typeof value.salt !== 'string') return false;
  return ['cost', 'blockSize', 'parallelization'].every((key) => Number.isInteger(value[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
