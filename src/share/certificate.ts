/**
 * X.509 certificates made here, for a relay at home and for tests: Node can sign and read them but not build them, and the part of
 * DER (X.690) and RFC 5280 that a server certificate needs fits on this page. ECDSA P-256 keys, SHA-256 signatures.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate is for. */
export interface CertificateRequest {
  /** Host names (wildcards allowed) and IP addresses; the first is the common name. */
  readonly names: readonly string[];
  /** Days from now until it expires. */
  readonly days: number;
  readonly now: Date;
  /** The certificate authority that signs it; without one it signs itself. */
  readonly issuer?: KeyAndCertificate;
  /** Whether it may sign others. */
  readonly authority?: boolean;
}

const DAY = 86_400_000;
const OID = {
  commonName: [0x55, 0x04, 0x03],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  keyUsage: [0x55, 0x1d, 0x0f],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  serverAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
} as const;

/** Make a key pair and a certificate for it: self-signed, or signed by `issuer`. */
export function createCertificate(request: CertificateRequest): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf(request.names[0] ?? 'localhost');
  const signer = request.issuer?.key ?? privateKey;
  const issuer = request.issuer ? subjectOf(request.issuer.cert) : subject;
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x4d]), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(
      time(new Date(request.now.getTime() - DAY)),
      time(new Date(request.now.getTime() + request.days * DAY)),
    ),
    subject,
    spkiOf(publicKey),
    tagged(3, extensions(request)),
  );
  const signature = sign('sha256', body, signer);
  const der = sequence(body, algorithm, bitString(signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(der),
  };
}

/**
 * The pin of a certificate: `sha256:` and the base64url SHA-256 of its public key (as in RFC 7469, so a renewed certificate with the
 * same key keeps its pin).
 */
export function pinOf(certificate: X509Certificate | string): string {
  const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  const hash = createHash('sha256').update(spkiOf(parsed.publicKey)).digest('base64url');
  return `sha256:${hash}`;
}

function extensions(request: CertificateRequest): Buffer {
  const authority = request.authority === true;
  const critical = boolean(true);
  const names = request.names.map((name) =>
    isIP(name) ? element(0x87, addressBytes(name)) : element(0x82, Buffer.from(name, 'ascii')),
  );
  // Key usage bits (RFC 5280 §4.2.1.3): digitalSignature, and keyCertSign for an authority.
  const usage = authority ? Buffer.from([0x02, 0x84]) : Buffer.from([0x07, 0x80]);
  return sequence(
    extension(OID.basicConstraints, sequence(...(authority ? [boolean(true)] : [])), critical),
    extension(OID.keyUsage, element(0x03, usage), critical),
    extension(OID.extendedKeyUsage, sequence(objectId(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(...names)),
  );
}

function extension(id: readonly number[], value: Buffer, ...critical: readonly Buffer[]): Buffer {
  return sequence(objectId(id), ...critical, element(0x04, value));
}

function nameOf(common: string): Buffer {
  const attribute = sequence(objectId(OID.commonName), element(0x0c, Buffer.from(common)));
  return sequence(element(0x31, attribute));
}

/** The encoded subject of a certificate: the sixth part of its body (RFC 5280 §4.1). */
function subjectOf(cert: string): Buffer {
  const body = children(children(new X509Certificate(cert).raw)[0] ?? Buffer.alloc(0));
  return body[5] ?? Buffer.alloc(0);
}

/** The encoded elements inside a constructed element. */
function children(der: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = header(der, 0).content;
  while (at < der.length) {
    const end = header(der, at).end;
    parts.push(der.subarray(at, end));
    at = end;
  }
  return parts;
}

function header(der: Buffer, at: number): { content: number; end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { content: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  const content = at + 2 + count;
  return { content, end: content + der.readUIntBE(at + 2, count) };
}

function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  });
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function tagged(index: number, content: Buffer): Buffer {
  return element(0xa0 + index, content);
}

/** A positive integer: a leading zero byte keeps the sign bit clear. */
function integer(bytes: Buffer): Buffer {
  return element(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function objectId(bytes: readonly number[]): Buffer {
  return element(0x06, Buffer.from(bytes));
}

function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

function bitString(bytes: Buffer): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

/** GeneralizedTime from 2050 on, UTCTime before (RFC 5280 §4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  return date.getUTCFullYear() >= 2050
    ? element(0x18, Buffer.from(digits))
    : element(0x17, Buffer.from(digits.slice(2)));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
