/** A chain as a TPM maker has it: a root, an intermediate and an EK certificate, of which a test changes what it likes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTrustStore, type TrustStore } from '../../src/trust/trust-store.ts';
import {
  basicConstraints,
  type CertificatePlan,
  commonName,
  ecKey,
  extendedKeyUsage,
  keyUsage,
  makeCertificate,
  rsaKey,
  toPem,
  tpmSubjectAltName,
} from './make-certificate.ts';

export const keys = { root: ecKey(), intermediate: rsaKey(), ek: rsaKey(), other: rsaKey() };
export const names = {
  root: commonName('Maker Root CA'),
  intermediate: commonName('Maker EK CA 7'),
  none: Buffer.from('3000', 'hex'),
};
/** In the middle of the certificates' validity. */
export const now = Date.parse('2030-06-15T12:00:00Z');
export const EK_PURPOSE = '2.23.133.8.1';
export const caExtensions = [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')] as const;
export const tpmName = tpmSubjectAltName(
  [
    ['2.23.133.2.1', 'id:49465800'],
    ['2.23.133.2.2', 'SLB9670'],
    ['2.23.133.2.3', 'id:00070055'],
  ],
  true,
);
export const ekExtensions = [
  basicConstraints(false),
  keyUsage('keyEncipherment'),
  extendedKeyUsage(EK_PURPOSE),
  tpmName,
] as const;

export interface ChainChanges {
  readonly root?: Partial<CertificatePlan>;
  readonly intermediate?: Partial<CertificatePlan>;
  readonly ek?: Partial<CertificatePlan>;
}

export interface TestChain {
  readonly root: Buffer;
  readonly intermediate: Buffer;
  readonly ek: Buffer;
}

export function makeChain(changes: ChainChanges = {}): TestChain {
  return {
    root: makeCertificate({
      issuer: names.root,
      subject: names.root,
      key: keys.root,
      signer: keys.root,
      extensions: caExtensions,
      ...changes.root,
    }),
    intermediate: makeCertificate({
      issuer: names.root,
      subject: names.intermediate,
      key: keys.intermediate,
      signer: keys.root,
      extensions: caExtensions,
      ...changes.intermediate,
    }),
    ek: makeCertificate({
      issuer: names.intermediate,
      // No name of its own: the TPM is named in the critical subjectAltName.
      subject: names.none,
      key: keys.ek,
      signer: keys.intermediate,
      extensions: ekExtensions,
      ...changes.ek,
    }),
  };
}

/** A folder that is gone when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-trust-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function storeOf(...certificates: readonly Buffer[]): TrustStore {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-trust-'));
  try {
    writeFileSync(path.join(folder, 'all.pem'), toPem(...certificates));
    return readTrustStore(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
