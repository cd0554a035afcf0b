/** By what devices are judged again (rule H8): where it is the same as the last time, or can revoke nobody, none needs another look. */
import { createHash } from 'node:crypto';
import { CertificateMalformed } from '../../trust/asn1-values.ts';
import { parseCertificate } from '../../trust/parse-certificate.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import type { StationCore } from '../open-core.ts';

/** Digests: equal where the same comes out for devices in debt, and for verified ones. */
export interface JudgedBy {
  readonly debt: string;
  readonly verified: string;
}

export function judgedByOf(core: StationCore, store: TrustStore): JudgedBy {
  return { debt: digestOf(core, store), verified: digestOfRevoked(core, store) };
}

/** Whether a certificate may be revoked by a list at hand; undefined where no list revokes anything. */
export function suspectsIn(store: TrustStore): ((der: Buffer) => boolean) | undefined {
  if (store.lists.every(({ list }) => list.revoked.size === 0)) return undefined;
  const isListed = (certificate: Parameters<TrustStore['listsOf']>[0]) =>
    store.listsOf(certificate).some(list => list.revoked.has(certificate.serialNumber));
  if ([...store.anchors, ...store.intermediates].some(({ certificate }) => isListed(certificate)))
    return () => true;
  return der => {
    try {
      return isListed(parseCertificate(der));
    } catch (error) {
      if (error instanceof CertificateMalformed) return false;
      throw error;
    }
  };
}

function digestOf({ configuration }: StationCore, { anchors, intermediates, lists }: TrustStore): string {
  return digest([
    ...[...anchors, ...intermediates].map(({ certificate }) => certificate.sha256).sort(),
    ...lists.map(({ list }) => list.sha256).sort(),
    JSON.stringify(policies(configuration)),
  ]);
}

/** Lists come anew each week and say the same as a rule: what they revoke is what verified devices are looked at for. */
function digestOfRevoked({ configuration }: StationCore, { lists }: TrustStore): string {
  return digest([
    ...lists.map(({ list }) => `${list.issuer.canonical} ${list.revoked.serialsSha256}`).sort(),
    JSON.stringify(policies(configuration)),
  ]);
}

function policies({ products }: StationCore['configuration']) {
  return products.map(({ name, certificate, revocation }) => [name, certificate, revocation]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
