/**
 * Where a certificate says that revocation lists and its issuer's certificate lie: CRL distribution points (RFC 5280,
 * 4.2.1.13) and caIssuers of authority information access (4.2.2.1). Whatever stands there is the certificate's word: nothing
 * here says that an address may be asked.
 */
import type { DerElement } from '../tpm/der.ts';
import {
  CertificateMalformed,
  elementsOf,
  objectIdentifier,
  stringOf,
  TAG,
  tagged,
  wholeElement,
} from './asn1-values.ts';
import { extensionOid } from './certificate-extensions.ts';
import type { ParsedCertificate } from './parse-certificate.ts';

export interface DistributionPoint {
  /** Its full names that are URIs, as they stand there. */
  readonly addresses: readonly string[];
  /** Somebody else than the issuer signs the list, or it has some reasons only: not judged here. */
  readonly isPartial: boolean;
}

const CONTEXT = { NAME: 0xa0, FULL_NAME: 0xa0, REASONS: 0x81, CRL_ISSUER: 0xa2, URI: 0x86 } as const;
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
const MOST_ADDRESSES = 16;
const LONGEST_ADDRESS = 2000;

/** A certificate whose extension cannot be read names a list all the same: it gives one point without an address. */
export function distributionPoints(certificate: ParsedCertificate): readonly DistributionPoint[] {
  const value = extensionValue(certificate, extensionOid.crlDistributionPoints);
  if (value === undefined) return [];
  try {
    const what = 'cRLDistributionPoints';
    const points = elementsOf(wholeElement(value, TAG.SEQUENCE, what), what).map(point => {
      const parts = elementsOf(tagged(point, TAG.SEQUENCE, what), what);
      return {
        addresses: addressesOfName(parts.find(({ tag }) => tag === CONTEXT.NAME)),
        isPartial: parts.some(({ tag }) => tag === CONTEXT.REASONS || tag === CONTEXT.CRL_ISSUER),
      };
    });
    return points.length > 0 ? points : [nowhere];
  } catch (error) {
    if (error instanceof CertificateMalformed) return [nowhere];
    throw error;
  }
}

/** Addresses of revocation lists that can be judged, each once. */
export function listAddresses(certificate: ParsedCertificate): readonly string[] {
  const whole = distributionPoints(certificate).filter(({ isPartial }) => !isPartial);
  return few(whole.flatMap(({ addresses }) => addresses));
}

/** Addresses of the issuer's certificate, each once. */
export function issuerAddresses(certificate: ParsedCertificate): readonly string[] {
  const value = extensionValue(certificate, extensionOid.authorityInfoAccess);
  if (value === undefined) return [];
  try {
    const what = 'authorityInfoAccess';
    const descriptions = elementsOf(wholeElement(value, TAG.SEQUENCE, what), what);
    return few(
      descriptions.flatMap(description => {
        const [method, location] = elementsOf(tagged(description, TAG.SEQUENCE, what), what);
        return objectIdentifier(method, what) === CA_ISSUERS && location ? uriOf(location) : [];
      }),
    );
  } catch (error) {
    if (error instanceof CertificateMalformed) return [];
    throw error;
  }
}

/** @param name `[0] DistributionPointName`; undefined and other forms than full names: none */
export function addressesOfName(name: DerElement | undefined): readonly string[] {
  const what = 'the name of a distribution point';
  const [full] = name ? elementsOf(name, what) : [];
  return full?.tag === CONTEXT.FULL_NAME ? elementsOf(full, what).flatMap(uriOf) : [];
}

const nowhere: DistributionPoint = { addresses: [], isPartial: false };

function extensionValue({ extensions }: ParsedCertificate, oid: string): Uint8Array | undefined {
  return extensions.all.find(extension => extension.oid === oid)?.value;
}

/** uniformResourceIdentifier `[6] IA5String`. */
function uriOf(name: DerElement): string[] {
  if (name.tag !== CONTEXT.URI) return [];
  const text = stringOf({ ...name, tag: 22 }, 'an address')!;
  return /^[\x21-\x7e]+$/.test(text) && text.length <= LONGEST_ADDRESS ? [text] : [];
}

function few(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].slice(0, MOST_ADDRESSES);
}
