/** Authenticated encryption of one secret: AES-256-GCM, the secret's name bound to its ciphertext. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** The length of a key, in bytes. */
export const KEY_BYTES = 32;
/** The length that NIST SP 800-38D recommends for GCM's nonce, in bytes. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** More than this is a damaged or hostile file, not a parameter somebody chose. */
const MAX_COST = 2 ** 20;
const MAX_MEMORY = 256 * 1024 * 1024;

/** One encrypted value; all fields base64. */
export interface Sealed {
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
}

/** How a passphrase becomes a key (scrypt, RFC 7914). */
export interface Stretching {
  /** Base64. */
  readonly salt: string;
  /** Cost (N), a power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** Parameters with a fresh salt: 32 MiB of memory, about a tenth of a second. */
export function newStretching(): Stretching {
  const salt = randomBytes(16).toString('base64');
  return { salt, cost: 2 ** 15, blockSize: 8, parallelization: 1 };
}

/** A new random key. */
export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** The key that belongs to a passphrase. Rejects when the parameters are out of bounds. */
export function stretch(passphrase: string, how: Stretching): Promise<Buffer> {
  const { salt, cost, blockSize, parallelization } = how;
  return new Promise((resolve, reject) => {
    if (cost > MAX_COST) return reject(new Error('the cost parameter is out of bounds'));
    scrypt(
      passphrase.normalize('NFC'),
      Buffer.from(salt, 'base64'),
      KEY_BYTES,
      { cost, blockSize, parallelization, maxmem: MAX_MEMORY },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    );
  });
}

/** Encrypt `value`; only the same key and the same `name` open it again. */
export function seal(key: Buffer, name: string, value: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(name, 'utf8'));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

/** Decrypt. Throws when the key or the name is another, or a byte was changed. */
export function unseal(key: Buffer, name: string, sealed: Sealed): string {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(name, 'utf8'));
  decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
  const data = Buffer.from(sealed.data, 'base64');
  return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
}
