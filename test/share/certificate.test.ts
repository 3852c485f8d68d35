import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCertificate, pinOf } from '../../src/share/certificate.ts';

const now = new Date('2026-06-01T00:00:00Z');

describe('createCertificate', () => {
  it('makes a self-signed certificate that Node reads as it was meant', () => {
    const { key, cert } = createCertificate({
      names: ['home.test', '10.0.0.2', 'fe80::1'],
      days: 10,
      now,
    });
    const read = new X509Certificate(cert);
    expect(read.subject).toBe('CN=home.test');
    expect(read.subjectAltName).toBe(
      'DNS:home.test, IP Address:10.0.0.2, IP Address:FE80:0:0:0:0:0:0:1',
    );
    expect(new Date(read.validTo)).toEqual(new Date('2026-06-11T00:00:00Z'));
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.checkHost('home.test')).toBe('home.test');
  });

  it('signs with an authority', () => {
    const ca = createCertificate({ names: ['CA'], days: 10, now, authority: true });
    const leaf = new X509Certificate(
      createCertificate({ names: ['a.test'], days: 5, now, issuer: ca }).cert,
    );
    const authority = new X509Certificate(ca.cert);
    expect(authority.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.verify(authority.publicKey)).toBe(true);
  });

  it('can be valid beyond 2050', () => {
    const { cert } = createCertificate({ names: ['x'], days: 36_500, now });
    expect(new X509Certificate(cert).validTo).toContain('2126');
  });
});

describe('pinOf', () => {
  it('stays with the public key', () => {
    const a = createCertificate({ names: ['x'], days: 1, now });
    expect(pinOf(a.cert)).toMatch(/^sha256:[A-Za-z0-9_-]{43}$/);
    expect(pinOf(a.cert)).toBe(pinOf(new X509Certificate(a.cert)));
    expect(pinOf(createCertificate({ names: ['x'], days: 1, now }).cert)).not.toBe(pinOf(a.cert));
  });
});
