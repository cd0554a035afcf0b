/**
 * Who this station is to an auditor: station id, log id and the Ed25519 key that signs its checkpoints (rules A1, A2).
 * Made at first start and never shipped; the private key lies in the secret store, the verifier key in the ledger.
 */
import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../db/ledger.ts';
import { generateStationKey, type StationKey, stationKeyFromSecret } from '../audit/station-key.ts';
import { StationError } from './errors.ts';
import type { SecretStore } from './secret-store.ts';

const SECRET = 'station-key';
export const stationSecrets: readonly string[] = [SECRET];

export interface StationIdentity {
  readonly stationId: string;
  readonly logId: string;
  /** station id / log id: the name of the one tree that this log is. */
  readonly origin: string;
  readonly verifierKey: string;
  readonly key: StationKey;
}

/**
 * The identity in the ledger, with its key; a new one where the ledger has none yet.
 * @param started called inside the transaction that makes a new log, to append its first entry
 */
export function identityOf(
  ledger: Ledger,
  secrets: SecretStore,
  now: number,
  started: (identity: StationIdentity) => void,
): StationIdentity {
  const known = ledger.logs.current();
  if (!known) return firstIdentity(ledger, secrets, now, started);
  const secret = secrets.read(SECRET);
  if (secret === undefined)
    throw new StationError(
      'station-key-missing',
      `the key of ${known.origin} is not in ${secrets.description}`,
    );
  let key: StationKey;
  try {
    key = stationKeyFromSecret(secret, known.origin);
  } catch (cause) {
    throw new StationError('station-key-foreign', 'the station key cannot be read', { cause });
  }
  if (key.verifierKey !== known.verifier_key)
    throw new StationError('station-key-foreign', `the station key is not the one of ${known.origin}`);
  return {
    stationId: known.station_id,
    logId: known.log_id,
    origin: known.origin,
    verifierKey: known.verifier_key,
    key,
  };
}

function firstIdentity(
  ledger: Ledger,
  secrets: SecretStore,
  now: number,
  started: (identity: StationIdentity) => void,
): StationIdentity {
  return ledger.transaction(() => {
    const meanwhile = ledger.logs.current();
    if (meanwhile) return identityOf(ledger, secrets, now, started);
    // The secret comes first and only once, under the ledger's lock: a keyring has none of its own.
    const secret = secrets.read(SECRET) ?? secrets.writeOnce(SECRET, generateStationKey());
    const stationId = `station-${randomBytes(5).toString('hex')}`;
    const logId = `log-${randomBytes(5).toString('hex')}`;
    const origin = `${stationId}/${logId}`;
    const key = stationKeyFromSecret(secret, origin);
    ledger.logs.insert({
      log_id: logId,
      station_id: stationId,
      origin,
      verifier_key: key.verifierKey,
      started_at: now,
    });
    const identity = { stationId, logId, origin, verifierKey: key.verifierKey, key };
    started(identity);
    return identity;
  });
}
