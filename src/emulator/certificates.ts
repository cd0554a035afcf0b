/**
 * The emulator's own certificate authority and TLS server certificate (RFC 5280; ECDSA P-256), kept in its folder and used
 * again while they are valid: `ca.pem`, `server.pem` and `server-key.pem` (0600). The CA's private key is thrown away
 * after it signed, so nobody can make it sign another host; when the server certificate runs out, both are made anew.
 */
import 'reflect-metadata';
import { createPrivateKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

export interface ServerIdentity {
  readonly caFile: string;
  /** PEM, the server's certificate followed by its CA. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

const ecdsaP256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 60 * 60 * 1000;
/** Lives shorter than the 825 days that some TLS clients allow a server certificate. */
const lifetime = 700 * day;
/** Begins earlier than now, for stations whose clock is somewhat late. */
const backdated = 2 * day;
const renewedBefore = 30 * day;

export async function openServerIdentity(dir: string): Promise<ServerIdentity> {
  const files = {
    ca: join(dir, 'ca.pem'),
    certificate: join(dir, 'server.pem'),
    key: join(dir, 'server-key.pem'),
  };
  if (!usable(files)) {
    const made = await makeIdentity();
    writeFileSync(files.key, made.privateKey, { mode: 0o600 });
    writeFileSync(files.certificate, made.certificate);
    writeFileSync(files.ca, made.ca);
  }
  return {
    caFile: files.ca,
    certificate: readFileSync(files.certificate, 'utf8') + readFileSync(files.ca, 'utf8'),
    privateKey: readFileSync(files.key, 'utf8'),
  };
}

/** Whether the files are there, belong together and are valid for a while yet. */
function usable(files: { ca: string; certificate: string; key: string }): boolean {
  if (!Object.values(files).every(file => existsSync(file))) return false;
  try {
    const certificate = new NodeCertificate(readFileSync(files.certificate));
    const ca = new NodeCertificate(readFileSync(files.ca));
    const now = Date.now();
    return (
      certificate.validFromDate.getTime() <= now &&
      certificate.validToDate.getTime() >= now + renewedBefore &&
      certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))) &&
      certificate.verify(ca.publicKey)
    );
  } catch {
    return false;
  }
}

async function makeIdentity() {
  const caKeys = await crypto.subtle.generateKey(ecdsaP256, false, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
  const notBefore = new Date(Date.now() - backdated);
  const notAfter = new Date(Date.now() + lifetime);
  const caName = 'CN=Keyline DPS emulator CA';
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: caName,
    keys: caKeys,
    notBefore,
    notAfter,
    signingAlgorithm: ecdsaP256,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: caName,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    notBefore,
    notAfter,
    signingAlgorithm: ecdsaP256,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  return {
    ca: `${ca.toString('pem')}\n`,
    certificate: `${server.toString('pem')}\n`,
    privateKey: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}
