/**
 * A trust store in a folder and the folders in it, PEM or DER, as it is now: a file is read when it came or changed, and never
 * for the sake of another. Files whose names begin with a dot are the system's and not looked at. What a file holds is untrusted.
 */
import type { KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CertificateMalformed } from './asn1-values.ts';
import { readCertificateFile } from './certificate-file.ts';
import { TrustError, type TrustErrorCode, trustHints } from './errors.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { parseRevocationList } from './parse-revocation-list.ts';
import { signedBy } from './signature.ts';
import { openKey } from './subject-key.ts';
import {
  type SetAside,
  type StoreCertificate,
  type StoreList,
  storeOf,
  type TrustStore,
} from './trust-store.ts';

/** What a change of a file changes. */
interface FileState {
  readonly file: string;
  readonly isFile: boolean;
  readonly size: number;
  readonly changedAt: number;
  readonly inode: number;
}

interface TrustFile {
  readonly isRead: boolean;
  readonly certificates: readonly StoreCertificate[];
  readonly lists: readonly StoreList[];
  readonly setAside: readonly SetAside[];
}

const MOST_BYTES = 4 * 1024 * 1024;

/** @throws TrustError `folder-unreadable` */
export function readTrustStore(folder: string): TrustStore {
  return new TrustFolder(folder).current();
}

export class TrustFolder {
  readonly folder: string;
  readonly #lookAgainMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** By name and state. */
  #files: ReadonlyMap<string, TrustFile> = new Map();
  #store: TrustStore | undefined;

  /** @param lookAgainMs a change is noticed at the first use after so long */
  constructor(folder: string, lookAgainMs = 1000) {
    this.folder = folder;
    this.#lookAgainMs = lookAgainMs;
  }

  /** The same object as long as nothing changed. @throws TrustError `folder-unreadable` */
  current(): TrustStore {
    const now = performance.now();
    if (this.#store !== undefined && now - this.#lookedAt < this.#lookAgainMs) return this.#store;
    const known = this.#files;
    const files = new Map(
      listFiles(this.folder).map(state => {
        const key = JSON.stringify(state);
        const read = known.get(key);
        // What could not be read may be readable now.
        return [key, read?.isRead ? read : readTrustFile(this.folder, state)];
      }),
    );
    const isSame =
      files.size === known.size && files.entries().every(([key, read]) => known.get(key) === read);
    if (this.#store === undefined || !isSame) this.#store = storeIn(this.folder, [...files.values()]);
    this.#files = files;
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
          inode: state?.ino ?? 0,
        };
      });
  } catch (cause) {
    throw new TrustError('folder-unreadable', `${folder}: ${(cause as Error).message}`, { cause });
  }
}

function storeIn(folder: string, files: readonly TrustFile[]): TrustStore {
  const certificates = new Map<string, StoreCertificate>();
  const lists = new Map<string, StoreList>();
  for (const file of files) {
    for (const found of file.certificates)
      if (!certificates.has(found.certificate.sha256)) certificates.set(found.certificate.sha256, found);
    for (const found of file.lists) lists.set(found.list.sha256, found);
  }
  const setAside = files.flatMap(file => file.setAside);
  return storeOf(folder, [...certificates.values()], [...lists.values()], setAside);
}

function readTrustFile(folder: string, { file, isFile, size }: FileState): TrustFile {
  const setAside: SetAside[] = [];
  const aside = (code: TrustErrorCode, detail: string) => {
    setAside.push({ file, code, detail, hint: trustHints[code] });
    return { isRead: !isFile || code !== 'file-unreadable', certificates: [], lists: [], setAside };
  };
  if (!isFile) return aside('file-unreadable', 'it is not a file');
  if (size > MOST_BYTES) return aside('file-too-large', `${size} bytes`);
  let content: Uint8Array;
  try {
    content = readFileSync(path.join(folder, file));
  } catch (error) {
    return aside('file-unreadable', (error as NodeJS.ErrnoException).code ?? (error as Error).message);
  }
  const { certificates, lists, wrong } = readCertificateFile(content);
  for (const { code, detail } of wrong) aside(code, detail);
  const usable = <T extends object>(
    read: T | { readonly code: TrustErrorCode; readonly detail: string },
    where = '',
  ): T[] => {
    if (!('code' in read)) return [read];
    aside(read.code, where + read.detail);
    return [];
  };
  return {
    isRead: true,
    certificates: certificates.flatMap((der, index) =>
      usable(readStoreCertificate(der, file), certificates.length === 1 ? '' : `certificate ${index + 1}: `),
    ),
    lists: lists.flatMap(der => usable(readStoreList(der, file))),
    setAside,
  };
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
