/** Certificates for tests, with any key in them. */
import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { EccPublicArea, RsaPublicArea } from '../../src/tpm/structures.ts';

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const issuerKeys = crypto.subtle.generateKey(p256, true, ['sign', 'verify']);

/** SPKI of an RSA key, DER. */
export function rsaSpki(key: Pick<RsaPublicArea, 'modulus'>, exponent = 65537): Uint8Array {
  const e = Buffer.from(exponent.toString(16).padStart(6, '0'), 'hex');
  const jwk = { kty: 'RSA', n: Buffer.from(key.modulus).toString('base64url'), e: e.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
}

/** SPKI of a key on P-256, P-384 or P-521, DER. */
export function eccSpkiOf({ curve, x, y }: Pick<EccPublicArea, 'curve' | 'x' | 'y'>): Uint8Array {
  const crv = { 3: 'P-256', 4: 'P-384', 5: 'P-521' }[curve]!;
  const bytes = { 3: 32, 4: 48, 5: 66 }[curve]!;
  const coordinate = (number: Uint8Array) =>
    Buffer.concat([Buffer.alloc(bytes - number.length), number]).toString('base64url');
  const jwk = { kty: 'EC', crv, x: coordinate(x), y: coordinate(y) };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
}

export async function eccSpki(): Promise<Uint8Array> {
  const { publicKey } = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
}

/** DER of a certificate that a test CA issues for the key. */
export async function makeCertificate(spki: Uint8Array, subject = 'CN=TPM'): Promise<Buffer> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject,
    issuer: 'CN=Test EK CA, O=Keyline',
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2036-01-01'),
    publicKey: new x509.PublicKey(Uint8Array.from(spki)),
    signingKey: (await issuerKeys).privateKey,
    signingAlgorithm: p256,
  });
  return Buffer.from(certificate.rawData);
}

/** The same certificate, its RSA key marked id-RSAES-OAEP as old TPMs have it (the signature no longer fits). */
export function markOaep(der: Buffer): Buffer {
  const rsaEncryption = Buffer.from('2a864886f70d010101', 'hex');
  const copy = Buffer.from(der);
  copy[copy.indexOf(rsaEncryption) + 8] = 7;
  return copy;
}
