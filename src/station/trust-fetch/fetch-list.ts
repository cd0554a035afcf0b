/**
 * One revocation list, fetched and held against every rule that does not need the certificate in question, before it takes the
 * place of the one before: DER (RFC 5280, 4.2.1.13), signed by a CA of the store that names it, and never older than what is
 * at hand, so that nobody on the way can bring back a list from before a revocation.
 */
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { type ParsedRevocationList, parseRevocationList } from '../../trust/parse-revocation-list.ts';
import { brokenByForm, brokenByIssuer } from '../../trust/revocation-rules.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import type { FetchedAddress } from './fetch-record.ts';
import { FetchedUnfit } from './fetched-unfit.ts';

/** @throws FetchedUnfit */
export function readFetchedList(
  bytes: Uint8Array,
  target: FetchedAddress,
  store: TrustStore,
): ParsedRevocationList {
  const list = parsed(bytes);
  const form = brokenByForm(list);
  if (form) throw new FetchedUnfit(form.rule, form.detail);
  if (list.issuer.canonical !== target.issuer)
    throw new FetchedUnfit('list-issuer', `it is of ${list.issuer.text}, whose certificates do not name it`);
  const cas = [...store.anchors, ...store.intermediates].filter(
    ({ certificate }) => certificate.subject.canonical === list.issuer.canonical,
  );
  const broken = cas.map(({ certificate, key }) => brokenByIssuer(list, certificate, key()));
  if (!broken.includes(undefined)) {
    const rule = broken.find(each => each?.rule === 'list-crl-sign') ?? broken[0];
    throw new FetchedUnfit(
      rule?.rule ?? 'list-issuer',
      rule?.detail ?? `${list.issuer.text} is not in the trust store`,
    );
  }
  if (target.thisUpdate !== undefined && list.thisUpdate < target.thisUpdate)
    throw new FetchedUnfit('list-older', 'it is older than the list that is at hand, which stays');
  return list;
}

function parsed(bytes: Uint8Array): ParsedRevocationList {
  if (Buffer.from(bytes.subarray(0, 10)).toString('latin1').startsWith('-----BEGIN'))
    throw new FetchedUnfit('list-pem', 'it is PEM; over the network a list is DER');
  try {
    return parseRevocationList(bytes);
  } catch (error) {
    if (!(error instanceof CertificateMalformed)) throw error;
    throw new FetchedUnfit('list-malformed', error.message);
  }
}
