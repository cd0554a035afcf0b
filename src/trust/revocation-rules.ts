/**
 * What a revocation list must be before its word counts (RFC 5280, 5.2 and 6.3.3): complete, direct, for these certificates,
 * and signed by the key of the CA that issued the certificate in question. Delta and indirect lists, lists of some
 * reasons only, and lists that a CA signs with another of its keys are refused by name, not half understood.
 */
import type { KeyObject } from 'node:crypto';
import { booleanOf, CertificateMalformed, elementsOf, TAG, wholeElement } from './asn1-values.ts';
import { extensionOid } from './certificate-extensions.ts';
import { addressesOfName, distributionPoints } from './distribution-points.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import type { ParsedRevocationList } from './parse-revocation-list.ts';
import { signatureAlgorithmOf, signedBy } from './signature.ts';

export type ListRule =
  | 'list-version'
  | 'list-algorithms-differ'
  | 'list-signature-algorithm'
  | 'list-extension-twice'
  | 'list-delta'
  | 'list-indirect'
  | 'list-partial'
  | 'list-critical-extension'
  | 'list-no-next-update'
  | 'list-issuer'
  | 'list-crl-sign'
  | 'list-signature';

export interface BrokenListRule {
  readonly rule: ListRule;
  /** In words. */
  readonly detail: string;
}

const understood: ReadonlySet<string> = new Set([
  extensionOid.crlNumber,
  extensionOid.authorityKeyIdentifier,
  extensionOid.issuingDistributionPoint,
]);

/** What of the list itself is not taken, whoever signed it. */
export function brokenByForm(list: ParsedRevocationList): BrokenListRule | undefined {
  const used = signatureAlgorithmOf(list);
  const oids = list.extensions.map(({ oid }) => oid);
  const twice = oids.find((oid, index) => oids.indexOf(oid) < index);
  const critical = list.extensions.find(extension => extension.critical && !understood.has(extension.oid));
  const broken = (rule: ListRule, detail: string): BrokenListRule => ({ rule, detail });
  if (list.version !== 2) return broken('list-version', `it is of version ${list.version}, not 2`);
  if (!list.algorithmsAgree) return broken('list-algorithms-differ', 'it names two signature algorithms');
  if (used === undefined || used.weak)
    return broken('list-signature-algorithm', `it is signed by ${used?.name ?? list.signatureAlgorithm}`);
  if (twice !== undefined) return broken('list-extension-twice', `extension ${twice} is there twice`);
  if (oids.includes(extensionOid.deltaCrlIndicator))
    return broken('list-delta', 'it is a delta list, which says only what changed');
  const scope = scopeOf(list);
  if (scope === 'malformed') return broken('list-partial', 'its issuingDistributionPoint cannot be read');
  if (scope.indirect) return broken('list-indirect', 'it is an indirect list, of several issuers');
  if (scope.partial) return broken('list-partial', 'it is of some reasons or of attribute certificates only');
  if (critical !== undefined)
    return broken('list-critical-extension', `its critical extension ${critical.oid} is not known`);
  if (list.revoked.criticalExtension !== undefined)
    return broken(
      'list-critical-extension',
      `critical extension ${list.revoked.criticalExtension} of an entry is not known`,
    );
  if (list.nextUpdate === undefined)
    return broken('list-no-next-update', 'it does not say when the next one comes');
  return undefined;
}

/** @param key of the issuer, as `openKey` gives it */
export function brokenByIssuer(
  list: ParsedRevocationList,
  issuer: ParsedCertificate,
  key: KeyObject | undefined,
): BrokenListRule | undefined {
  const { keyUsage } = issuer.extensions;
  const name = issuer.subject.text;
  if (list.issuer.canonical === '' || list.issuer.canonical !== issuer.subject.canonical)
    return { rule: 'list-issuer', detail: `it is of ${list.issuer.text}, not of ${name}` };
  if (keyUsage !== undefined && !keyUsage.has('cRLSign'))
    return { rule: 'list-crl-sign', detail: `the key of ${name} may not sign lists` };
  if (!signedBy(list, key))
    return { rule: 'list-signature', detail: `it is not signed by the key of ${name}` };
  return undefined;
}

/** Whether the list speaks of this certificate, by its issuing distribution point (5.2.5, 6.3.3 b). Its form holds. */
export function speaksOf(list: ParsedRevocationList, certificate: ParsedCertificate): boolean {
  const scope = scopeOf(list);
  if (scope === 'malformed') return false;
  const isCa = certificate.extensions.basicConstraints?.ca === true;
  if ((scope.usersOnly && isCa) || (scope.casOnly && !isCa)) return false;
  if (!scope.isNamed) return true;
  return distributionPoints(certificate).some(
    ({ addresses, isPartial }) => !isPartial && addresses.some(address => scope.addresses.includes(address)),
  );
}

interface Scope {
  readonly usersOnly: boolean;
  readonly casOnly: boolean;
  readonly partial: boolean;
  readonly indirect: boolean;
  /** The list is the one of certain distribution points. */
  readonly isNamed: boolean;
  readonly addresses: readonly string[];
}

const everything: Scope = {
  usersOnly: false,
  casOnly: false,
  partial: false,
  indirect: false,
  isNamed: false,
  addresses: [],
};
const CONTEXT = {
  NAME: 0xa0,
  USERS: 0x81,
  CAS: 0x82,
  REASONS: 0x83,
  INDIRECT: 0x84,
  ATTRIBUTES: 0x85,
} as const;

function scopeOf(list: ParsedRevocationList): Scope | 'malformed' {
  const value = list.extensions.find(({ oid }) => oid === extensionOid.issuingDistributionPoint)?.value;
  if (value === undefined) return everything;
  try {
    const what = 'issuingDistributionPoint';
    const parts = elementsOf(wholeElement(value, TAG.SEQUENCE, what), what);
    const part = (tag: number) => parts.find(each => each.tag === tag);
    const says = (tag: number) => {
      const found = part(tag);
      return found !== undefined && booleanOf({ ...found, tag: TAG.BOOLEAN }, what);
    };
    const name = part(CONTEXT.NAME);
    return {
      usersOnly: says(CONTEXT.USERS),
      casOnly: says(CONTEXT.CAS),
      partial: part(CONTEXT.REASONS) !== undefined || says(CONTEXT.ATTRIBUTES),
      indirect: says(CONTEXT.INDIRECT),
      isNamed: name !== undefined,
      addresses: addressesOfName(name),
    };
  } catch (error) {
    if (error instanceof CertificateMalformed) return 'malformed';
    throw error;
  }
}
