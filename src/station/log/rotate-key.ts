/**
 * Another key signs for this station from here on, and the old one is gone (rule A2). What was signed before still verifies,
 * and whoever has any of the keys can follow to the others: the exchange is signed by both and an entry of the log.
 */
import { signRotation } from '../../audit/key-chain.ts';
import { type Act, allowed } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { prepareNextKey } from './identity.ts';
import { type KeptCheckpoint, keepCheckpoint } from './keep-checkpoint.ts';

export interface RotatedKey {
  readonly origin: string;
  /** Index of the entry that says so. */
  readonly index: number;
  readonly previousVerifierKey: string;
  readonly verifierKey: string;
  /** The first one by the new key. */
  readonly checkpoint: KeptCheckpoint;
}

/** @throws StationError as `allowed` */
export function rotateKey(core: StationCore, act: Act): RotatedKey {
  const { ledger, secrets } = core;
  // What the old key is still needed for: its own last word on all that it covers.
  keepCheckpoint(core);
  const rotated = ledger.transaction(() => {
    const { account, reason } = allowed(core, 'rotate-key', act);
    const { origin, logId, key } = core.identity;
    const next = prepareNextKey(secrets, origin);
    const index = ledger.audit.nextIndex();
    const [previousVerifierKey, verifierKey] = [key.verifierKey, next.verifierKey];
    const note = signRotation({ origin, index, from: previousVerifierKey, to: verifierKey }, key, next);
    core.audit.append(core.identity, personOf(ledger, account, core.clock.read().at), {
      type: 'key-rotated',
      data: { verifierKey, previousVerifierKey, note, because: reason },
    });
    ledger.logKeys.insert({ log_id: logId, idx: index, verifier_key: verifierKey, note });
    return { origin, index, previousVerifierKey, verifierKey };
  });
  // Reading the identity puts the new key into the old one's place.
  return { ...rotated, checkpoint: keepCheckpoint(core) };
}
