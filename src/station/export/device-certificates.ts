/** The certificates of a device: its own, and those of the chain by which it was judged, where the trust store still has them. */
import { createHash } from 'node:crypto';
import type { DeviceRow } from '../../../db/rows.ts';
import type { StationCore } from '../open-core.ts';

/** DER, the EK certificate first. @param chain SHA-256 in hex of each, as an audit entry has it */
export function certificatesOf(core: StationCore, device: DeviceRow, chain: readonly string[]): Buffer[] {
  if (device.certificate === null) return [];
  const own = device.certificate;
  const store = core.trust.store();
  const issuers = store ? [...store.intermediates, ...store.anchors] : [];
  const rest = chain
    .filter(digest => digest !== sha256(own))
    .flatMap(digest => {
      const found = issuers.find(({ certificate }) => certificate.sha256 === digest);
      return found ? [Buffer.from(found.der)] : [];
    });
  return [own, ...rest];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
