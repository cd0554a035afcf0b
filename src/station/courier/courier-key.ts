/** The two things that a receiving station gives to those whose bundles it takes: its verifier key and its age recipient. */
import { generateIdentity, recipientOf } from '../../courier/encryption.ts';
import type { StationCore } from '../open-core.ts';
import { courierIdentity } from './open-letter.ts';

export interface CourierKey {
  readonly origin: string;
  /** For `keyline courier trust add --receiver` at the sending station. */
  readonly verifierKey: string;
  /** For `courier.recipient` there. */
  readonly recipient: string;
}

/** Makes the identity for encrypted bundles where there is none yet; it never leaves the secret store. */
export async function courierKey(core: StationCore): Promise<CourierKey> {
  const fresh = await generateIdentity();
  const identity =
    core.secrets.read(courierIdentity) ??
    core.ledger.transaction(() => core.secrets.writeOnce(courierIdentity, fresh));
  const { origin, verifierKey } = core.identity;
  return { origin, verifierKey, recipient: await recipientOf(identity.trim()) };
}
