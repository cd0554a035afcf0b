/** A chain as a TPM maker has it: a root, an intermediate and an EK certificate, of which a test changes what it likes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTrustStore } from '../../src/trust/trust-folder.ts';
import type { TrustStore } from '../../src/trust/trust-store.ts';
import {
  basicConstraints,
  type CertificatePlan,
  commonName,
  ecKey,
  extendedKeyUsage,
  keyUsage,
  makeCertificate,
  makeRevocationList,
  pemBlock,
  type RevocationListPlan,
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

/** Of the intermediate and of the root: nothing revoked, from a month before `now` to a month after it. */
export const listFrom = new Date('2030-05-15T00:00:00Z');
export const listUntil = new Date('2030-07-15T00:00:00Z');

export interface ListChanges {
  readonly root?: Partial<RevocationListPlan>;
  readonly intermediate?: Partial<RevocationListPlan>;
}

export interface TestLists {
  readonly root: Buffer;
  readonly intermediate: Buffer;
}

export function makeLists(changes: ListChanges = {}): TestLists {
  const dates = { thisUpdate: listFrom, nextUpdate: listUntil };
  return {
    root: makeRevocationList({ issuer: names.root, signer: keys.root, ...dates, ...changes.root }),
    intermediate: makeRevocationList({
      issuer: names.intermediate,
      signer: keys.intermediate,
      ...dates,
      ...changes.intermediate,
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
  return storeWith(certificates, []);
}

export function storeWith(certificates: readonly Buffer[], lists: readonly Buffer[]): TrustStore {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-trust-'));
  try {
    const listed = lists.map(list => pemBlock('X509 CRL', list)).join('');
    writeFileSync(path.join(folder, 'all.pem'), toPem(...certificates) + listed);
    return readTrustStore(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
