/**
 * Whether a certificate was revoked (RFC 5280, 6.3), by the lists that are at hand and nothing else: no clock, no file, no
 * network. What no list can say stays `unknown`; whether that matters is the product's policy, not this file's.
 */
import type { KeyObject } from 'node:crypto';
import { distributionPoints } from './distribution-points.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { type ParsedRevocationList, serialOf } from './parse-revocation-list.ts';
import { type BrokenListRule, brokenByForm, brokenByIssuer, speaksOf } from './revocation-rules.ts';

export type RevocationJudgement =
  /** A list that holds now does not have it. */
  | { readonly state: 'good' }
  /** The certificate names no list, and none is at hand. */
  | { readonly state: 'not-named' }
  | Revoked
  | UnknownRevocation;

export interface Revoked {
  readonly state: 'revoked';
  /** Which certificate, since when and why, in words. */
  readonly detail: string;
  /** SHA-256 of the certificate, and of the list, hex. */
  readonly certificate: string;
  readonly list: string;
}

export interface UnknownRevocation {
  readonly state: 'unknown';
  readonly code: 'list-missing' | 'list-stale' | 'list-unusable';
  readonly detail: string;
}

export interface ListIssuer {
  readonly certificate: ParsedCertificate;
  key(): KeyObject | undefined;
}

/**
 * A list counts as revoking also when it is out of date: nobody takes a revocation back by not publishing. Of several that
 * hold, the newest speaks.
 * @param lists by the issuer's name
 * @param at epoch milliseconds; undefined: dates are not judged
 */
export function judgeRevocation(
  certificate: ParsedCertificate,
  issuer: ListIssuer,
  lists: readonly ParsedRevocationList[],
  at: number | undefined,
): RevocationJudgement {
  const broken: BrokenListRule[] = [];
  const authentic = lists.filter(list => {
    if (!speaksOf(list, certificate)) return false;
    const fault = brokenBy(list, issuer);
    if (fault) broken.push(fault);
    return fault === undefined;
  });
  const begun = authentic.filter(({ thisUpdate }) => at === undefined || thisUpdate <= at);
  const newest = begun.toSorted((one, other) => other.thisUpdate - one.thisUpdate)[0];
  const which = nameOf(certificate);
  const entry = newest?.revoked.get(certificate.serialNumber);
  if (newest && entry)
    return {
      state: 'revoked',
      detail: `${which} was revoked on ${dayOf(entry.revokedAt)} (${entry.reason ?? 'no reason given'})`,
      certificate: certificate.sha256,
      list: newest.sha256,
    };
  const unknown = (code: UnknownRevocation['code'], why: string): UnknownRevocation => ({
    state: 'unknown',
    code,
    detail: `${which}: ${why}`,
  });
  if (newest && (at === undefined || at <= newest.nextUpdate!)) return { state: 'good' };
  if (newest)
    return unknown(
      'list-stale',
      `the list of ${certificate.issuer.text} held until ${dayOf(newest.nextUpdate!)}`,
    );
  if (authentic.length > 0)
    return unknown('list-stale', `the list of ${certificate.issuer.text} does not hold yet`);
  const [fault] = broken;
  if (fault)
    return unknown(
      'list-unusable',
      `the list of ${certificate.issuer.text}: ${fault.detail} (${fault.rule})`,
    );
  if (distributionPoints(certificate).length === 0) return { state: 'not-named' };
  return unknown('list-missing', `the list of ${certificate.issuer.text} that it names is not at hand`);
}

/** A list can have megabytes under its signature, and is asked about with every certificate of its issuer. */
const judged = new WeakMap<ParsedRevocationList, Map<string, BrokenListRule | undefined>>();

function brokenBy(list: ParsedRevocationList, issuer: ListIssuer): BrokenListRule | undefined {
  const { sha256 } = issuer.certificate;
  const known = judged.get(list) ?? new Map<string, BrokenListRule | undefined>();
  judged.set(list, known);
  if (!known.has(sha256))
    known.set(sha256, brokenByForm(list) ?? brokenByIssuer(list, issuer.certificate, issuer.key()));
  return known.get(sha256);
}

/** EK certificates have no name of their own, as a rule. */
function nameOf({ subject, serialNumber }: ParsedCertificate): string {
  const serial = serialOf(serialNumber);
  return subject.canonical === '' ? `certificate ${serial}` : `${subject.text} (certificate ${serial})`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
