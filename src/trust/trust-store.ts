/**
 * The plant's trust store: the CA certificates in a folder and the folders in it, PEM or DER. A self-signed CA
 * certificate is an anchor: the plant put it there, so it is believed; any other is an intermediate, believed only
 * through an anchor and by the rules of a path. Nothing is passed over in silence: what cannot be used is set aside by name. Files whose names begin with a
 * dot are the system's and are not looked at.
 */
import type { KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CertificateMalformed } from './asn1-values.ts';
import { readCertificateFile } from './certificate-file.ts';
import { TrustError, type TrustErrorCode, trustHints } from './errors.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { signedBy } from './signature.ts';
import { openKey } from './subject-key.ts';

export interface StoreCertificate {
  readonly certificate: ParsedCertificate;
  readonly isAnchor: boolean;
  /** Relative to the folder. */
  readonly file: string;
  /** Opened at first use; undefined where OpenSSL has no key for it. */
  key(): KeyObject | undefined;
}

export interface SetAside {
  /** Relative to the folder. */
  readonly file: string;
  readonly code: TrustErrorCode;
  readonly detail: string;
  readonly hint: string;
}

export interface TrustStore {
  readonly folder: string;
  readonly anchors: readonly StoreCertificate[];
  readonly intermediates: readonly StoreCertificate[];
  readonly setAside: readonly SetAside[];
  /** Certificates whose subject is the issuer's name, anchors first. */
  issuersOf(certificate: ParsedCertificate): readonly StoreCertificate[];
}

/** What a change of the folder changes. */
interface FileState {
  readonly file: string;
  readonly isFile: boolean;
  readonly size: number;
  readonly changedAt: number;
}

const MOST_BYTES = 4 * 1024 * 1024;

/** @throws TrustError `folder-unreadable` */
export function readTrustStore(folder: string): TrustStore {
  return readFiles(folder, listFiles(folder));
}

/** A trust store that is read again when a file of it changed. */
export class TrustFolder {
  readonly folder: string;
  readonly #lookAgainMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #state = '';
  #store: TrustStore | undefined;

  /** @param lookAgainMs a change is noticed at the first use after so long */
  constructor(folder: string, lookAgainMs = 1000) {
    this.folder = folder;
    this.#lookAgainMs = lookAgainMs;
  }

  /** @throws TrustError `folder-unreadable` */
  current(): TrustStore {
    const now = performance.now();
    if (this.#store !== undefined && now - this.#lookedAt < this.#lookAgainMs) return this.#store;
    const files = listFiles(this.folder);
    const state = JSON.stringify(files);
    if (this.#store === undefined || state !== this.#state) this.#store = readFiles(this.folder, files);
    this.#state = state;
    this.#lookedAt = now;
    return this.#store;
  }
}

function listFiles(folder: string): readonly FileState[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .filter(file => !file.split(path.sep).some(part => part.startsWith('.')))
      .sort()
      .map(file => {
        const state = statSync(path.join(folder, file), { throwIfNoEntry: false });
        return {
          file,
          isFile: state?.isFile() === true,
          size: state?.size ?? 0,
          changedAt: state?.ctimeMs ?? 0,
        };
      });
  } catch (cause) {
    throw new TrustError('folder-unreadable', `${folder}: ${(cause as Error).message}`, { cause });
  }
}

function readFiles(folder: string, files: readonly FileState[]): TrustStore {
  const found = new Map<string, StoreCertificate>();
  const setAside: SetAside[] = [];
  for (const { file, isFile, size } of files) {
    const aside = (code: TrustErrorCode, detail: string) =>
      setAside.push({ file, code, detail, hint: trustHints[code] });
    if (!isFile || size > MOST_BYTES) {
      if (isFile) aside('file-too-large', `${size} bytes`);
      else aside('file-unreadable', 'it is not a file');
      continue;
    }
    let content: Uint8Array;
    try {
      content = readFileSync(path.join(folder, file));
    } catch (error) {
      aside('file-unreadable', (error as NodeJS.ErrnoException).code ?? (error as Error).message);
      continue;
    }
    const { certificates, wrong } = readCertificateFile(content);
    for (const { code, detail } of wrong) aside(code, detail);
    for (const [index, der] of certificates.entries()) {
      const where = certificates.length === 1 ? '' : `certificate ${index + 1}: `;
      const read = readStoreCertificate(der, file);
      if ('code' in read) aside(read.code, where + read.detail);
      else if (!found.has(read.certificate.sha256)) found.set(read.certificate.sha256, read);
    }
  }
  return storeOf(folder, [...found.values()], setAside);
}

function readStoreCertificate(
  der: Uint8Array,
  file: string,
): StoreCertificate | { readonly code: TrustErrorCode; readonly detail: string } {
  let certificate: ParsedCertificate;
  try {
    certificate = parseCertificate(der);
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    return { code: 'certificate-malformed', detail: error.message };
  }
  let opened: KeyObject | undefined | null = null;
  const key = () => {
    if (opened === null) opened = openKey(certificate.key);
    return opened;
  };
  const ca = certificate.extensions.basicConstraints?.ca === true;
  const selfIssued = certificate.issuer.canonical === certificate.subject.canonical;
  return { certificate, isAnchor: ca && selfIssued && signedBy(certificate, key()), file, key };
}

function storeOf(
  folder: string,
  certificates: readonly StoreCertificate[],
  setAside: readonly SetAside[],
): TrustStore {
  const anchors = certificates.filter(({ isAnchor }) => isAnchor);
  const intermediates = certificates.filter(({ isAnchor }) => !isAnchor);
  const bySubject = Map.groupBy(
    [...anchors, ...intermediates],
    ({ certificate }) => certificate.subject.canonical,
  );
  return {
    folder,
    anchors,
    intermediates,
    setAside,
    issuersOf: ({ issuer }) => (issuer.canonical === '' ? [] : (bySubject.get(issuer.canonical) ?? [])),
  };
}
