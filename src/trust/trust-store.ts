/**
 * The plant's trust store: CA certificates and revocation lists. A self-signed CA certificate is an anchor: the plant put it
 * there, so it is believed; any other is an intermediate, believed only through an anchor and by the rules of a path, as a list
 * is by the signature of its issuer. Nothing is passed over in silence: what cannot be used is set aside by name.
 */
import type { KeyObject } from 'node:crypto';
import type { TrustErrorCode } from './errors.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import type { ParsedRevocationList } from './parse-revocation-list.ts';

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

/**
 * The plant's store with what was fetched for it: intermediates and lists more, and never an anchor, whatever was fetched.
 * @param fetched as a folder gives it that nobody but the fetcher writes
 */
export function withFetched(plant: TrustStore, fetched: TrustStore | undefined): TrustStore {
  if (fetched === undefined) return plant;
  const own = [...plant.anchors, ...plant.intermediates];
  const known = new Set(own.map(({ certificate }) => certificate.sha256));
  const more = fetched.intermediates.filter(({ certificate }) => !known.has(certificate.sha256));
  return storeOf(plant.folder, [...own, ...more], [...plant.lists, ...fetched.lists], plant.setAside);
}

export function storeOf(
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
