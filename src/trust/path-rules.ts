/**
 * What each certificate of a path must be by itself (RFC 5280, 6.1.3 to 6.1.5; TCG EK Credential Profile, 3): first the
 * rules for all of them, then those for the EK certificate and for a CA's. Every rule has a name, by which a refusal is
 * known. Where RFC 5280 lets an implementation leave something out, it is refused here rather than passed over.
 */
import { extensionOid, type KeyUsage } from './certificate-extensions.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { signatureAlgorithmOf } from './signature.ts';

export type ChainRule =
  | 'malformed'
  | 'version'
  | 'serial-number'
  | 'algorithms-differ'
  | 'extension-twice'
  | 'critical-extension'
  | 'name-constraints'
  | 'weak-key'
  | 'key-type'
  | 'not-yet-valid'
  | 'expired'
  | 'ek-is-ca'
  | 'ek-key-usage'
  | 'ek-purpose'
  | 'weak-signature'
  | 'signature-algorithm'
  | 'issuer-unknown'
  | 'signature'
  | 'not-a-ca'
  | 'key-cert-sign'
  | 'ca-purpose'
  | 'path-length'
  | 'path-too-long'
  | 'revoked';

export interface BrokenRule {
  readonly rule: ChainRule;
  /** Which certificate, and what of it, in words. */
  readonly detail: string;
}

/** tcg-kp-EKCertificate. */
const EK_PURPOSE = '2.23.133.8.1';
const ANY_PURPOSE = '2.5.29.37.0';

/** Extensions whose meaning is judged here, or that restrict nothing where no policy is asked for (4.2.1.4). */
const understood: ReadonlySet<string> = new Set([
  extensionOid.keyUsage,
  extensionOid.subjectAltName,
  extensionOid.basicConstraints,
  extensionOid.certificatePolicies,
  extensionOid.extendedKeyUsage,
]);

const SMALLEST_RSA_BITS = 2048;

/** @param at epoch milliseconds; undefined where the dates are not to be judged */
export function brokenByAny(certificate: ParsedCertificate, at: number | undefined): BrokenRule | undefined {
  const { subject, extensions, key } = certificate;
  const broken = (rule: ChainRule, what: string): BrokenRule => ({
    rule,
    detail: `${subject.text}: ${what}`,
  });
  const oids = extensions.all.map(({ oid }) => oid);
  const twice = oids.find((oid, index) => oids.indexOf(oid) < index);
  const critical = extensions.all.find(extension => extension.critical && !understood.has(extension.oid));
  if (certificate.version !== 3) return broken('version', `it is of version ${certificate.version}, not 3`);
  if (!isPositive(certificate.serialNumber))
    return broken('serial-number', 'its serial number is not positive');
  if (!certificate.algorithmsAgree) return broken('algorithms-differ', 'it names two signature algorithms');
  if (twice !== undefined) return broken('extension-twice', `extension ${twice} is there twice`);
  // Also where they are not marked critical, as they must be: a constraint is not passed over.
  if (oids.includes(extensionOid.nameConstraints))
    return broken('name-constraints', 'it constrains names, which is not judged here');
  if (critical !== undefined)
    return broken('critical-extension', `its critical extension ${critical.oid} is not known`);
  if (key.kind === 'other' || (key.kind === 'ec' && key.bits === 0))
    return broken('key-type', 'its key is neither RSA nor on P-256, P-384 or P-521');
  if (key.kind === 'rsa' && key.bits < SMALLEST_RSA_BITS)
    return broken('weak-key', `its RSA key has ${key.bits} bits, fewer than ${SMALLEST_RSA_BITS}`);
  if (at !== undefined && at < certificate.notBefore)
    return broken('not-yet-valid', `it is valid from ${dateOf(certificate.notBefore)} on`);
  if (at !== undefined && at > certificate.notAfter)
    return broken('expired', `it was valid until ${dateOf(certificate.notAfter)}`);
  return undefined;
}

export function brokenByEkCertificate(certificate: ParsedCertificate): BrokenRule | undefined {
  const { basicConstraints, keyUsage, extendedKeyUsage } = certificate.extensions;
  const needed: KeyUsage = certificate.key.kind === 'rsa' ? 'keyEncipherment' : 'keyAgreement';
  if (basicConstraints?.ca) return { rule: 'ek-is-ca', detail: 'the EK certificate is that of a CA' };
  if (!keyUsage?.has(needed))
    return { rule: 'ek-key-usage', detail: `the EK certificate does not allow ${needed}` };
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.includes(EK_PURPOSE))
    return { rule: 'ek-purpose', detail: `the EK certificate is for other purposes than ${EK_PURPOSE}` };
  return undefined;
}

/** @param below certificates under it, from the EK certificate on */
export function brokenByCa(
  certificate: ParsedCertificate,
  below: readonly ParsedCertificate[],
): BrokenRule | undefined {
  const { basicConstraints, keyUsage, extendedKeyUsage } = certificate.extensions;
  const broken = (rule: ChainRule, what: string): BrokenRule => ({
    rule,
    detail: `${certificate.subject.text}: ${what}`,
  });
  if (!basicConstraints?.ca) return broken('not-a-ca', 'it is not the certificate of a CA');
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign'))
    return broken('key-cert-sign', 'its key may not sign certificates');
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.some(isEkOrAnyPurpose))
    return broken('ca-purpose', `it may issue for other purposes than ${EK_PURPOSE} only`);
  const limit = basicConstraints.pathLength;
  const counted = below.slice(1).filter(ca => ca.issuer.canonical !== ca.subject.canonical).length;
  if (limit !== undefined && counted > limit)
    return broken('path-length', `it allows ${limit} CAs below it, and there are ${counted}`);
  return undefined;
}

export function brokenBySignatureAlgorithm(certificate: ParsedCertificate): BrokenRule | undefined {
  const used = signatureAlgorithmOf(certificate);
  const name = certificate.subject.text;
  if (used === undefined)
    return { rule: 'signature-algorithm', detail: `${name}: signed by ${certificate.signatureAlgorithm}` };
  return used.weak ? { rule: 'weak-signature', detail: `${name}: signed by ${used.name}` } : undefined;
}

function isEkOrAnyPurpose(purpose: string): boolean {
  return purpose === EK_PURPOSE || purpose === ANY_PURPOSE;
}

function isPositive(integer: Uint8Array): boolean {
  return integer[0]! < 0x80 && integer.some(byte => byte > 0);
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
