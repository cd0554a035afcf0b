/**
 * The plant's trust store as a screen keeps it: which CA certificates and revocation lists are there and which files cannot be
 * used, one file more, one file less. Each change is an act with its evidence (rules A1, S1). A file's name and content came from anybody.
 */
import { renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { syncDirectorySync } from '../../audit/sync-directory.ts';
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { readCertificateFile } from '../../trust/certificate-file.ts';
import { TrustError, type TrustErrorCode } from '../../trust/errors.ts';
import { type ParsedCertificate, parseCertificate } from '../../trust/parse-certificate.ts';
import { parseRevocationList } from '../../trust/parse-revocation-list.ts';
import { readTrustStore } from '../../trust/trust-folder.ts';
import { type Actor, authorize } from '../access/authorize.ts';
import { removeFile, replaceFile } from '../export/write-once.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { changeFiles } from './change-files.ts';

export interface TrustedCertificate {
  readonly file: string;
  readonly subject: string;
  /** Of the DER, hex. */
  readonly sha256: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
  readonly isAnchor: boolean;
}

export interface TrustedList {
  readonly file: string;
  readonly issuer: string;
  /** Of the DER, hex. */
  readonly sha256: string;
  /** How many certificates it revokes. */
  readonly revoked: number;
  /** Epoch milliseconds; absent where it names no end. */
  readonly nextUpdate?: number;
}

export interface TrustView {
  readonly folder: string;
  readonly certificates: readonly TrustedCertificate[];
  readonly lists: readonly TrustedList[];
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
    return { folder, certificates: [], lists: [], setAside: [] };
  try {
    const { anchors, intermediates, lists, setAside } = readTrustStore(folder);
    return {
      folder,
      certificates: [...anchors, ...intermediates].map(({ file, certificate, isAnchor }) => ({
        file,
        subject: certificate.subject.text,
        sha256: certificate.sha256,
        notAfter: certificate.notAfter,
        isAnchor,
      })),
      lists: lists.map(({ file, list: { issuer, sha256, revoked, nextUpdate } }) => ({
        file,
        issuer: issuer.text,
        sha256,
        revoked: revoked.size,
        ...(nextUpdate !== undefined && { nextUpdate }),
      })),
      setAside: setAside.map(({ file, code, detail }) => ({ file, code, detail })),
    };
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    const setAside = [{ file: '', code: error.code, detail: error.message }];
    return { folder, certificates: [], lists: [], setAside };
  }
}

/** @throws TrustRefused; StationError with an `AccessRefusalCode` */
export function addTrusted(
  core: StationCore,
  { name, content }: { readonly name: string; readonly content: Uint8Array },
  who: Actor,
): void {
  const file = fileName(name);
  const sums = sumsIn(content);
  const { folder } = core.trust;
  changeFiles(core.ledger, putBack => {
    const account = authorize(core, 'change-settings', who);
    if (statSync(path.join(folder, file), { throwIfNoEntry: false }))
      throw new TrustRefused('trust-exists', `${file} is there already`);
    writeDown(core, account, { change: 'added', file, ...sums });
    putBack(() => removeFile(folder, file));
    writing(() => replaceFile(folder, file, Buffer.from(content)));
  });
}

/** @throws TrustRefused; StationError with an `AccessRefusalCode` */
export function removeTrusted(core: StationCore, file: string, who: Actor): void {
  const place = path.join(core.trust.folder, file);
  const parent = path.dirname(place);
  // Begins with a dot: nothing that the store looks at.
  const aside = path.join(parent, `.removed-${process.pid}`);
  changeFiles(core.ledger, putBack => {
    const account = authorize(core, 'change-settings', who);
    const { certificates, lists, setAside } = viewTrust(core);
    if (file === '' || ![...certificates, ...lists, ...setAside].some(each => each.file === file))
      throw new TrustRefused('trust-gone', `${file} is not there any more`);
    const ofFile = (all: readonly { readonly file: string; readonly sha256: string }[]) =>
      all.filter(each => each.file === file).map(({ sha256 }) => sha256);
    writeDown(core, account, { change: 'removed', file, ...sumsOf(ofFile(certificates), ofFile(lists)) });
    writing(() => renameSync(place, aside));
    putBack(() => {
      renameSync(aside, place);
      syncDirectorySync(parent);
    });
    writing(() => syncDirectorySync(parent));
  });
  rmSync(aside, { force: true });
}

/** A plain name, whatever a browser sends. */
function fileName(name: string): string {
  const file = name.normalize('NFC').replace(/^.*[/\\]/s, '');
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()+-]{0,99}$/u.test(file))
    throw new TrustRefused('trust-name', 'the name of the file has characters that are not taken');
  return file;
}

interface Sums {
  readonly certificates: readonly string[];
  readonly lists?: readonly string[];
}

const sumsOf = (certificates: readonly string[], lists: readonly string[]): Sums => ({
  certificates,
  ...(lists.length > 0 && { lists }),
});

/** Only whole files are taken in: every certificate is one of a CA. */
function sumsIn(content: Uint8Array): Sums {
  const { certificates, lists, wrong } = readCertificateFile(content);
  const [first] = wrong;
  if (first) throw new TrustRefused(first.code, first.detail);
  return sumsOf(
    certificates.map(der => parsed('certificate-malformed', () => caCertificate(der)).sha256),
    lists.map(der => parsed('list-malformed', () => parseRevocationList(der)).sha256),
  );
}

function caCertificate(der: Uint8Array): ParsedCertificate {
  const certificate = parseCertificate(der);
  if (certificate.extensions.basicConstraints?.ca !== true)
    throw new TrustRefused('trust-no-ca', certificate.subject.text);
  return certificate;
}

function parsed<T>(code: TrustErrorCode, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    throw new TrustRefused(code, error.message);
  }
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
  data: Sums & { readonly change: 'added' | 'removed'; readonly file: string },
): void {
  const personId = personOf(core.ledger, account, core.clock.read().at);
  core.audit.append(core.identity, personId, { type: 'trust-store', data });
}
