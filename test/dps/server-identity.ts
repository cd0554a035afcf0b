/** TLS server certificates for tests: of a CA of their own, for the names and the time that a test needs. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export interface TestIdentity {
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface IdentityWishes {
  readonly names?: readonly string[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Of the certificate; the CA's are always ECDSA. */
  readonly keys?: 'rsa' | 'ecdsa';
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const dayMs = 24 * 3_600_000;

export async function makeIdentity(wishes: IdentityWishes = {}): Promise<TestIdentity> {
  const { names = ['localhost'], notBefore = Date.now() - dayMs, notAfter = Date.now() + dayMs } = wishes;
  const caKeys = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const keyAlgorithm = wishes.keys === 'rsa' ? rsa : algorithm;
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const name = `CN=Test CA ${crypto.randomUUID()}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys: caKeys,
    notBefore: new Date(Date.now() - 10_000 * dayMs),
    notAfter: new Date(Date.now() + 10_000 * dayMs),
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: 'CN=server',
    issuer: name,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(value => ({ type: 'dns' as const, value }))),
    ],
  });
  return {
    ca: ca.toString('pem'),
    cert: server.toString('pem'),
    key: x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
  };
}
