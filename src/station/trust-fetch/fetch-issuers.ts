/**
 * The certificates that lead from one whose issuer is not at hand to an anchor of the plant, by caIssuers (RFC 5280, 4.2.2.1).
 * They become intermediates and never anchors, and only where the whole way is there: what a stranger's certificate leads to
 * is not kept. DER alone; a bundle of certificates (PKCS #7) is refused.
 */
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { issuerAddresses } from '../../trust/distribution-points.ts';
import { type ParsedCertificate, parseCertificate } from '../../trust/parse-certificate.ts';
import { signatureAlgorithmOf, signedBy } from '../../trust/signature.ts';
import { openKey } from '../../trust/subject-key.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { Vouching } from '../../trust/vouched.ts';
import { FetchedUnfit } from './fetched-unfit.ts';

export interface FetchedIssuer {
  readonly der: Buffer;
  readonly certificate: ParsedCertificate;
  readonly address: string;
}

export interface IssuerSearch {
  readonly store: TrustStore;
  readonly fetch: (address: string) => Promise<Buffer>;
  /** Whether an address that a fetched certificate names may be asked, while nothing vouches for that one. */
  readonly mayAsk: (address: string) => boolean;
}

const MOST_ISSUERS = 4;

/** From the one that signed `lacking` up. @throws FetchedUnfit; what `fetch` throws */
export async function fetchIssuers(
  lacking: ParsedCertificate,
  firstAddress: string,
  { store, fetch, mayAsk }: IssuerSearch,
): Promise<readonly FetchedIssuer[]> {
  const vouching = new Vouching(store);
  const found: FetchedIssuer[] = [];
  let below = lacking;
  let address: string | undefined = firstAddress;
  while (address !== undefined && found.length < MOST_ISSUERS) {
    const der = await fetch(address);
    const certificate = issuerIn(der, below);
    found.push({ der, certificate, address });
    if (vouching.isVouched(certificate)) return found;
    below = certificate;
    address = issuerAddresses(certificate).find(mayAsk);
  }
  throw new FetchedUnfit('issuer-unrooted', `${below.subject.text} does not lead to an anchor of this plant`);
}

function issuerIn(der: Buffer, below: ParsedCertificate): ParsedCertificate {
  let certificate: ParsedCertificate;
  try {
    certificate = parseCertificate(der);
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    throw new FetchedUnfit('issuer-malformed', `it is not one DER certificate: ${error.message}`);
  }
  const { subject, issuer, extensions, key } = certificate;
  if (subject.canonical === issuer.canonical)
    throw new FetchedUnfit(
      'issuer-self-signed',
      `${subject.text} is its own issuer: an anchor is only what people put into the trust store`,
    );
  if (extensions.basicConstraints?.ca !== true)
    throw new FetchedUnfit('issuer-not-ca', `${subject.text} is not the certificate of a CA`);
  const isSigner =
    subject.canonical === below.issuer.canonical &&
    signatureAlgorithmOf(below)?.weak === false &&
    signedBy(below, openKey(key));
  if (!isSigner)
    throw new FetchedUnfit('issuer-signature', `${subject.text} did not sign the certificate that names it`);
  return certificate;
}
