/** Who may open a tunnel: the relay's token file. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { McpmError } from '../../errors.ts';

/** One credential of a relay, as its owner wrote it down. */
export interface RelayToken {
  /** Who it is for; appears in events and metrics. */
  readonly name: string;
  /** `sha256:` and the hex SHA-256 of the token. */
  readonly hash: string;
  /** Names it may take, `*` standing for any characters. None: random ids only. */
  readonly names?: readonly string[];
  /** How many tunnels it may have open at once (20 unless told). */
  readonly tunnels?: number;
  /** Whether it may read `/metrics`; such a token opens no tunnel. */
  readonly metrics?: boolean;
}

/** A tunnel name: one DNS label (RFC 1035 §2.3.1). */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A fresh token of 256 bits and the entry that recognises it. */
export function createRelayToken(entry: Omit<RelayToken, 'hash'>): {
  readonly token: string;
  readonly entry: RelayToken;
} {
  const token = `mcpmr_${randomBytes(32).toString('base64url')}`;
  return { token, entry: { ...entry, hash: hashToken(token) } };
}

/** How a token is kept: hashed, since it has 256 bits of its own and needs no salt. */
function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/** The entry that a presented token belongs to. Every entry is compared, each in constant time. */
export function findToken(
  tokens: readonly RelayToken[],
  presented: string,
): RelayToken | undefined {
  const hash = Buffer.from(hashToken(presented));
  let found: RelayToken | undefined;
  for (const entry of tokens) {
    const expected = Buffer.from(entry.hash);
    if (expected.length === hash.length && timingSafeEqual(expected, hash)) found = entry;
  }
  return found;
}

/** Whether a token may take a name. */
export function mayTake(token: RelayToken, name: string): boolean {
  return (token.names ?? []).some((pattern) => {
    const source = pattern.split('*').map(escapeRegExp).join('.*');
    return new RegExp(`^${source}$`).test(name);
  });
}

/**
 * Check what a token file holds: `{"tokens": [{name, hash, names?, tunnels?, metrics?}]}`.
 * @throws McpmError `CONFIG_SHAPE` naming the entry and the field.
 */
export function checkTokens(value: unknown, file: string): readonly RelayToken[] {
  const tokens = (value as { tokens?: unknown } | null)?.tokens;
  if (!Array.isArray(tokens)) throw shapeError(file, 'there is no "tokens" list');
  return tokens.map((entry: Record<string, unknown>, index) => {
    const complain = (reason: string) => shapeError(file, `tokens[${index}]: ${reason}`);
    if (typeof entry?.['name'] !== 'string') throw complain('"name" is not a text');
    if (!/^sha256:[0-9a-f]{64}$/.test(String(entry['hash'])))
      throw complain('"hash" is not sha256: and 64 hex digits');
    if (entry['names'] !== undefined && !isTextList(entry['names']))
      throw complain('"names" is not a list of texts');
    if (entry['tunnels'] !== undefined && !Number.isInteger(entry['tunnels']))
      throw complain('"tunnels" is not a whole number');
    return entry as unknown as RelayToken;
  });
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shapeError(file: string, reason: string): McpmError {
  return new McpmError('CONFIG_SHAPE', `${file}: ${reason}`, {
    hint: 'docs/relay.md shows a token file; `mcpm relay token NAME` adds an entry.',
    data: { file },
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
