/**
 * The plant's trust store: the CA certificates and revocation lists in a folder and the folders in it, PEM or DER. A
 * self-signed CA certificate is an anchor: the plant put it there, so it is believed; any other is an intermediate, believed
 * only through an anchor and by the rules of a path, as a list is by the signature of its issuer. Nothing is passed over in
 * silence: what cannot be used is set aside by name. Files whose names begin with a dot are the system's and not looked at.
 */
import type { KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CertificateMalformed } from './asn1-values.ts';
import { readCertificateFile } from './certificate-file.ts';
import { TrustError, type TrustErrorCode, trustHints } from './errors.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { type ParsedRevocationList, parseRevocationList } from './parse-revocation-list.ts';
import { signedBy } from './signature.ts';
import { openKey } from './subject-key.ts';

export interface StoreCertificate {
  readonly certificate: ParsedCertificate;
  readonly isAnchor: boolean;
  readonly der: Uint8Array;
  /** Relative to the folder. */
  readonly file: string;
  /** Opened at first use; undefined where OpenSSL has no key for it. */
  key(): KeyObject | undefined;
}

export interface StoreList {
  readonly list: ParsedRevocationList;
  /** Relative to the folder. */
  readonly file: string;
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
  readonly lists: readonly StoreList[];
  readonly setAside: readonly SetAside[];
  /** Certificates whose subject is the issuer's name, anchors first. */
  issuersOf(certificate: ParsedCertificate): readonly StoreCertificate[];
  /** Lists of the issuer's name; what they are worth is judged with its key. */
  listsOf(certificate: ParsedCertificate): readonly ParsedRevocationList[];
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
  const lists = new Map<string, StoreList>();
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
    const { certificates, lists: listed, wrong } = readCertificateFile(content);
    for (const { code, detail } of wrong) aside(code, detail);
    for (const [index, der] of certificates.entries()) {
      const where = certificates.length === 1 ? '' : `certificate ${index + 1}: `;
      const read = readStoreCertificate(der, file);
      if ('code' in read) aside(read.code, where + read.detail);
      else if (!found.has(read.certificate.sha256)) found.set(read.certificate.sha256, read);
    }
    for (const der of listed) {
      const read = readStoreList(der, file);
      if ('code' in read) aside(read.code, read.detail);
      else lists.set(read.list.sha256, read);
    }
  }
  return storeOf(folder, [...found.values()], [...lists.values()], setAside);
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
  return { certificate, isAnchor: ca && selfIssued && signedBy(certificate, key()), der, file, key };
}

function readStoreList(
  der: Uint8Array,
  file: string,
): StoreList | { readonly code: TrustErrorCode; readonly detail: string } {
  try {
    return { list: parseRevocationList(der), file };
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    return { code: 'list-malformed', detail: error.message };
  }
}

/**
 * The plant's store with what was fetched for it: intermediates and lists more, and never an anchor, whatever was fetched.
 * @param fetched as `readTrustStore` gives a folder that nobody but the fetcher writes
 */
export function withFetched(plant: TrustStore, fetched: TrustStore | undefined): TrustStore {
  if (fetched === undefined) return plant;
  const own = [...plant.anchors, ...plant.intermediates];
  const known = new Set(own.map(({ certificate }) => certificate.sha256));
  const more = fetched.intermediates.filter(({ certificate }) => !known.has(certificate.sha256));
  return storeOf(plant.folder, [...own, ...more], [...plant.lists, ...fetched.lists], plant.setAside);
}

function storeOf(
  folder: string,
  certificates: readonly StoreCertificate[],
  lists: readonly StoreList[],
  setAside: readonly SetAside[],
): TrustStore {
  const anchors = certificates.filter(({ isAnchor }) => isAnchor);
  const intermediates = certificates.filter(({ isAnchor }) => !isAnchor);
  const bySubject = Map.groupBy(
    [...anchors, ...intermediates],
    ({ certificate }) => certificate.subject.canonical,
  );
  const byIssuer = Map.groupBy(lists, ({ list }) => list.issuer.canonical);
  return {
    folder,
    anchors,
    intermediates,
    lists,
    setAside,
    listsOf: ({ issuer }) => byIssuer.get(issuer.canonical)?.map(({ list }) => list) ?? [],
    issuersOf: ({ issuer }) => (issuer.canonical === '' ? [] : (bySubject.get(issuer.canonical) ?? [])),
  };
}
