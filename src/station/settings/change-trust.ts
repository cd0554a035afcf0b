/**
 * The plant's trust store as a screen keeps it: which CA certificates are there and which files cannot be used, one file more,
 * one file less. Each change is an act with its evidence (rules A1, S1). A file's name and content came from anybody.
 */
import { statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { readCertificateFile } from '../../trust/certificate-file.ts';
import { TrustError, type TrustErrorCode } from '../../trust/errors.ts';
import { type ParsedCertificate, parseCertificate } from '../../trust/parse-certificate.ts';
import { readTrustStore } from '../../trust/trust-store.ts';
import { type Actor, authorize } from '../access/authorize.ts';
import { replaceFile } from '../export/write-once.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';

export interface TrustedCertificate {
  readonly file: string;
  readonly subject: string;
  /** Of the DER, hex. */
  readonly sha256: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
  readonly isAnchor: boolean;
}

export interface TrustView {
  readonly folder: string;
  readonly certificates: readonly TrustedCertificate[];
  /** What is there and cannot be used. */
  readonly setAside: readonly {
    readonly file: string;
    readonly code: TrustErrorCode;
    readonly detail: string;
  }[];
}

export type TrustChangeCode =
  | TrustErrorCode
  | 'trust-name'
  | 'trust-exists'
  | 'trust-gone'
  | 'trust-unwritable'
  | 'trust-no-ca';

/** The change is not done; a value for the desk. */
export class TrustRefused extends Error {
  readonly code: TrustChangeCode;
  constructor(code: TrustChangeCode, message: string) {
    super(message);
    this.name = 'TrustRefused';
    this.code = code;
  }
}

export function viewTrust({ trust: { folder } }: StationCore): TrustView {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return { folder, certificates: [], setAside: [] };
  try {
    const { anchors, intermediates, setAside } = readTrustStore(folder);
    return {
      folder,
      certificates: [...anchors, ...intermediates].map(({ file, certificate, isAnchor }) => ({
        file,
        subject: certificate.subject.text,
        sha256: certificate.sha256,
        notAfter: certificate.notAfter,
        isAnchor,
      })),
      setAside: setAside.map(({ file, code, detail }) => ({ file, code, detail })),
    };
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { folder, certificates: [], setAside: [{ file: '', code: error.code, detail: error.message }] };
  }
}

/** @throws TrustRefused; StationError with an `AccessRefusalCode` */
export function addTrusted(
  core: StationCore,
  { name, content }: { readonly name: string; readonly content: Uint8Array },
  who: Actor,
): void {
  const file = fileName(name);
  const certificates = certificatesIn(content);
  const { folder } = core.trust;
  core.ledger.transaction(() => {
    const account = authorize(core, 'change-settings', who);
    if (statSync(path.join(folder, file), { throwIfNoEntry: false }))
      throw new TrustRefused('trust-exists', `${file} is there already`);
    writeDown(core, account, {
      change: 'added',
      file,
      certificates: certificates.map(({ sha256 }) => sha256),
    });
    writing(() => replaceFile(folder, file, Buffer.from(content)));
  });
}

/** @throws TrustRefused; StationError with an `AccessRefusalCode` */
export function removeTrusted(core: StationCore, file: string, who: Actor): void {
  const { folder } = core.trust;
  core.ledger.transaction(() => {
    const account = authorize(core, 'change-settings', who);
    const { certificates, setAside } = viewTrust(core);
    if (file === '' || ![...certificates, ...setAside].some(each => each.file === file))
      throw new TrustRefused('trust-gone', `${file} is not there any more`);
    const sums = certificates.filter(each => each.file === file).map(({ sha256 }) => sha256);
    writeDown(core, account, { change: 'removed', file, certificates: sums });
    writing(() => unlinkSync(path.join(folder, file)));
  });
}

/** A plain name, whatever a browser sends. */
function fileName(name: string): string {
  const file = name.normalize('NFC').replace(/^.*[/\\]/s, '');
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()+-]{0,99}$/u.test(file))
    throw new TrustRefused('trust-name', 'the name of the file has characters that are not taken');
  return file;
}

/** Only whole files are taken in: every certificate is one of a CA. */
function certificatesIn(content: Uint8Array): ParsedCertificate[] {
  const { certificates, wrong } = readCertificateFile(content);
  const [first] = wrong;
  if (first) throw new TrustRefused(first.code, first.detail);
  if (certificates.length === 0) throw new TrustRefused('no-certificate', 'it has revocation lists only');
  return certificates.map(der => {
    try {
      const certificate = parseCertificate(der);
      if (certificate.extensions.basicConstraints?.ca !== true)
        throw new TrustRefused('trust-no-ca', certificate.subject.text);
      return certificate;
    } catch (error) {
      if (!(error instanceof CertificateMalformed)) throw error;
      throw new TrustRefused('certificate-malformed', error.message);
    }
  });
}

function writing(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new TrustRefused('trust-unwritable', (error as Error).message);
  }
}

function writeDown(
  core: StationCore,
  account: string,
  data: {
    readonly change: 'added' | 'removed';
    readonly file: string;
    readonly certificates: readonly string[];
  },
): void {
  const personId = personOf(core.ledger, account, core.clock.read().at);
  core.audit.append(core.identity, personId, { type: 'trust-store', data });
}
