/**
 * Whose word an address in a certificate is: a certificate is vouched for where CAs of the store signed it up to an anchor
 * (RFC 5280, 6.1; signatures and names alone, no dates). Only then is what it says the word of a maker that the plant trusts,
 * and not of whoever wrote it into a TPM.
 */
import type { ParsedCertificate } from './parse-certificate.ts';
import { signatureAlgorithmOf, signedBy } from './signature.ts';
import type { StoreCertificate, TrustStore } from './trust-store.ts';

const MOST_CAS = 8;

export class Vouching {
  readonly #store: Pick<TrustStore, 'issuersOf'>;
  /** Of CAs, by SHA-256. */
  readonly #known = new Map<string, boolean>();

  constructor(store: Pick<TrustStore, 'issuersOf'>) {
    this.#store = store;
  }

  isVouched(certificate: ParsedCertificate): boolean {
    return this.signersOf(certificate).some(signer => this.#reaches(signer));
  }

  /** CAs of the store that signed it. */
  signersOf(certificate: ParsedCertificate): readonly StoreCertificate[] {
    if (signatureAlgorithmOf(certificate)?.weak !== false) return [];
    return this.#store
      .issuersOf(certificate)
      .filter(
        issuer =>
          issuer.certificate.extensions.basicConstraints?.ca === true &&
          issuer.certificate.sha256 !== certificate.sha256 &&
          signedBy(certificate, issuer.key()),
      );
  }

  /** The certificate of its chain whose issuer the store does not have; undefined where the chain ends otherwise. */
  lacksIssuer(certificate: ParsedCertificate): ParsedCertificate | undefined {
    let lacking = certificate;
    for (let cas = 0; cas < MOST_CAS; cas += 1) {
      const [signer] = this.signersOf(lacking);
      if (signer === undefined) return lacking;
      if (signer.isAnchor) return undefined;
      lacking = signer.certificate;
    }
    return undefined;
  }

  #reaches({ certificate, isAnchor }: StoreCertificate): boolean {
    if (isAnchor) return true;
    const { sha256 } = certificate;
    const known = this.#known.get(sha256);
    if (known !== undefined) return known;
    // A circle leads nowhere.
    this.#known.set(sha256, false);
    const reached = this.signersOf(certificate).some(signer => this.#reaches(signer));
    this.#known.set(sha256, reached);
    return reached;
  }
}
