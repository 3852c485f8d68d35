/** The two keys that may seal the vault, each checked before it is used. */
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { readText, writeFileAtomic } from '../platform/files.ts';
import { KEY_BYTES, newKey, newStretching, type Sealed, seal, stretch, unseal } from './seal.ts';
import { type KeyKind, keyPath, type Vault, vaultPath } from './vault-file.ts';

/** The name under which the known text is sealed; no secret can have it. */
const CHECK_NAME = '(check)';
const CHECK_TEXT = 'mcpm';

/** A key to seal with, and the vault that records it. */
export interface WritingKey {
  readonly kind: KeyKind;
  readonly key: Buffer;
  readonly vault: Vault;
}

/**
 * The key that opens entries of `kind`.
 * @throws McpmError `SECRET` when it is missing or is not the one the vault was sealed with.
 */
export async function openingKey(ctx: Context, vault: Vault, kind: KeyKind): Promise<Buffer> {
  return kind === 'file' ? openingFileKey(ctx, vault) : openingPassphraseKey(ctx, vault);
}

/**
 * The key for new entries: the passphrase when `MCPM_SECRETS_KEY` is set, else the key file, made when the vault has never
 * had one.
 * @throws McpmError `SECRET` when the key is not the one of earlier entries.
 */
export async function writingKey(ctx: Context, vault: Vault): Promise<WritingKey> {
  const passphrase = passphraseOf(ctx);
  const kind: KeyKind = passphrase === undefined ? 'file' : 'passphrase';
  if (vault.keys[kind] !== undefined)
    return { kind, key: await openingKey(ctx, vault, kind), vault };
  const how = passphrase === undefined ? undefined : newStretching();
  const key =
    passphrase !== undefined && how !== undefined
      ? await stretch(passphrase, how)
      : ((await readKeyFile(ctx)) ?? (await makeKeyFile(ctx)));
  const record = { ...how, check: seal(key, CHECK_NAME, CHECK_TEXT) };
  return { kind, key, vault: { ...vault, keys: { ...vault.keys, [kind]: record } } };
}

async function openingFileKey(ctx: Context, vault: Vault): Promise<Buffer> {
  const path = keyPath(ctx);
  const key = await readKeyFile(ctx);
  if (key === undefined)
    throw new McpmError('SECRET', `The key of the stored secrets is missing: ${path}`, {
      hint: `Restore it from a backup, or move ${vaultPath(ctx)} away and enter the secrets again.`,
      data: { file: path },
    });
  if (opens(key, vault.keys.file?.check)) return key;
  throw new McpmError('SECRET', `${path} is not the key of ${vaultPath(ctx)}`, {
    hint: 'The two files belong together: restore both from one backup.',
    data: { file: path },
  });
}

async function openingPassphraseKey(ctx: Context, vault: Vault): Promise<Buffer> {
  const passphrase = passphraseOf(ctx);
  const how = vault.keys.passphrase;
  if (passphrase === undefined)
    throw new McpmError('SECRET', 'The stored secrets are sealed with a passphrase', {
      hint: 'Set MCPM_SECRETS_KEY to it in the environment that starts mcpm.',
    });
  const key = how && (await stretch(passphrase, how).catch(() => undefined));
  if (key !== undefined && opens(key, how?.check)) return key;
  throw new McpmError('SECRET', 'MCPM_SECRETS_KEY is not the passphrase of the stored secrets', {
    hint: 'Set it to the one that was in force when they were stored; nothing was changed.',
  });
}

function opens(key: Buffer, check: Sealed | undefined): boolean {
  try {
    return check !== undefined && unseal(key, CHECK_NAME, check) === CHECK_TEXT;
  } catch {
    return false;
  }
}

function passphraseOf(ctx: Context): string | undefined {
  return ctx.env.MCPM_SECRETS_KEY || undefined;
}

async function readKeyFile(ctx: Context): Promise<Buffer | undefined> {
  const path = keyPath(ctx);
  const text = await readText(path);
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new McpmError('SECRET', `${path} is not a key`, {
    hint: 'Restore it from a backup; it was left as it is.',
    data: { file: path },
  });
}

async function makeKeyFile(ctx: Context): Promise<Buffer> {
  const key = newKey();
  await writeFileAtomic(keyPath(ctx), `${key.toString('base64')}\n`, { mode: 0o600 });
  return key;
}
