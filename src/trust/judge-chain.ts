/**
 * Path validation of an EK certificate against the plant's trust store (RFC 5280, 6.1; rule H8): from the EK certificate
 * through intermediates of the store to one of its anchors, every rule of `path-rules.ts` on every certificate, every
 * signature checked, nothing revoked by the store's lists. Only the store gives CA certificates; what the DUT sends besides
 * its EK certificate has no voice. Pure computation: no clock, no file, no network. The EK certificate is untrusted input.
 */
import { CertificateMalformed } from './asn1-values.ts';
import { judgeRevocation, type Revoked, type UnknownRevocation } from './judge-revocation.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import {
  type BrokenRule,
  brokenByAny,
  brokenByCa,
  brokenByEkCertificate,
  brokenBySignatureAlgorithm,
} from './path-rules.ts';
import { signedBy } from './signature.ts';
import type { StoreCertificate, TrustStore } from './trust-store.ts';

export interface VerifiedChain {
  readonly status: 'verified';
  readonly anchor: { readonly sha256: string; readonly subject: string };
  /** SHA-256 of each certificate, hex, from the EK certificate to the anchor. */
  readonly chain: readonly string[];
  /** What no list at hand could say of the path; absent where every certificate that names a list is known not to be revoked. */
  readonly unknown?: readonly UnknownRevocation[];
}

export type ChainJudgement =
  | VerifiedChain
  | ({ readonly status: 'untrusted'; readonly revoked?: Revoked } & BrokenRule);

/** Without `listsOf` revocation is not judged. */
export type ChainSource = Pick<TrustStore, 'issuersOf'> & Partial<Pick<TrustStore, 'listsOf'>>;

/** CA certificates in one path; makers use two or three. */
const MOST_CAS = 8;
/** A store of cross-signed CAs has many paths: an end for the search through them. */
const MOST_SIGNATURE_CHECKS = 200;

/** @param at epoch milliseconds at which the certificates must be valid; undefined: dates are not judged. */
export function judgeChain(
  ekCertificate: Uint8Array,
  store: ChainSource,
  at: number | undefined,
): ChainJudgement {
  let leaf: ParsedCertificate;
  try {
    leaf = parseCertificate(ekCertificate);
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    return { status: 'untrusted', rule: 'malformed', detail: error.message };
  }
  const broken = brokenByAny(leaf, at) ?? brokenByEkCertificate(leaf);
  return broken ? { status: 'untrusted', ...broken } : new PathSearch(store, at).from(leaf);
}

class PathSearch {
  readonly #store: ChainSource;
  readonly #at: number | undefined;
  #signatureChecks = 0;
  /** Of all paths that fail, the one that came furthest says why. */
  #failure: (BrokenRule & { readonly rank: number; readonly revoked?: Revoked }) | undefined;
  /** A path that holds, of which a list is not known. */
  #unsure: VerifiedChain | undefined;

  constructor(store: ChainSource, at: number | undefined) {
    this.#store = store;
    this.#at = at;
  }

  from(leaf: ParsedCertificate): ChainJudgement {
    const found = this.#extend([leaf], []) ?? this.#unsure;
    if (found) return found;
    const { rule, detail, revoked } = this.#failure!;
    return { status: 'untrusted', rule, detail, ...(revoked && { revoked }) };
  }

  /**
   * @param path from the EK certificate on; every rule but the last one's signature holds
   * @param unknown what the lists leave open so far
   */
  #extend(
    path: readonly ParsedCertificate[],
    unknown: readonly UnknownRevocation[],
  ): VerifiedChain | undefined {
    const last = path.at(-1)!;
    const weak = brokenBySignatureAlgorithm(last);
    if (weak) return this.#fail(path, weak);
    const issuers = this.#store
      .issuersOf(last)
      .filter(({ certificate }) => path.every(({ sha256 }) => sha256 !== certificate.sha256));
    if (issuers.length === 0)
      return this.#fail(path, {
        rule: 'issuer-unknown',
        detail: `${last.subject.text}: its issuer ${last.issuer.text} is not in the trust store`,
      });
    if (path.length > MOST_CAS)
      return this.#fail(path, { rule: 'path-too-long', detail: `there are more than ${MOST_CAS} CAs` });
    for (const issuer of issuers) {
      const found = this.#through(issuer, path, unknown);
      if (found) return found;
    }
    return undefined;
  }

  #through(
    issuer: StoreCertificate,
    path: readonly ParsedCertificate[],
    unknownBefore: readonly UnknownRevocation[],
  ): VerifiedChain | undefined {
    const last = path.at(-1)!;
    const { certificate } = issuer;
    this.#signatureChecks += 1;
    if (this.#signatureChecks > MOST_SIGNATURE_CHECKS)
      return this.#fail(path, { rule: 'path-too-long', detail: 'there are too many paths to try' });
    if (!signedBy(last, issuer.key()))
      return this.#fail(path, {
        rule: 'signature',
        detail: `${last.subject.text}: not signed by the key of ${certificate.subject.text}`,
      });
    const broken = brokenByAny(certificate, this.#at) ?? brokenByCa(certificate, path);
    if (broken) return this.#fail([...path, certificate], broken);
    const extended = [...path, certificate];
    const revocation =
      this.#store.listsOf && judgeRevocation(last, issuer, this.#store.listsOf(last), this.#at);
    if (revocation?.state === 'revoked')
      return this.#fail(extended, { rule: 'revoked', detail: revocation.detail, revoked: revocation });
    const unknown = revocation?.state === 'unknown' ? [...unknownBefore, revocation] : unknownBefore;
    if (!issuer.isAnchor) return this.#extend(extended, unknown);
    const verified: VerifiedChain = {
      status: 'verified',
      anchor: { sha256: certificate.sha256, subject: certificate.subject.text },
      chain: extended.map(({ sha256 }) => sha256),
      ...(unknown.length > 0 && { unknown }),
    };
    if (unknown.length === 0) return verified;
    // Another path may be known to the end.
    this.#unsure ??= verified;
    return undefined;
  }

  #fail(path: readonly ParsedCertificate[], broken: BrokenRule & { readonly revoked?: Revoked }): undefined {
    const rank = path.length;
    if (this.#failure === undefined || rank > this.#failure.rank) this.#failure = { ...broken, rank };
    return undefined;
  }
}
