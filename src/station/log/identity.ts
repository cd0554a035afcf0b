/**
 * Who this station is to an auditor: station id, log id and the Ed25519 key that signs its checkpoints (rules A1, A2).
 * Made at first start and never shipped; the private key lies in the secret store, the verifier key in the ledger. A key
 * that is to take the place of another lies beside it until the ledger says so, so that no crash leaves a log without its key.
 */
import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../../db/ledger.ts';
import type { LogRow } from '../../../db/rows.ts';
import { generateStationKey, type StationKey, stationKeyFromSecret } from '../../audit/station-key.ts';
import { StationError } from '../errors.ts';
import type { SecretStore } from '../secrets/secret-store.ts';

const KEY = 'station-key';
/** The next key, while it takes the other's place. */
const NEXT = 'station-key-next';
export const stationSecrets: readonly string[] = [KEY, NEXT];

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
  return known ? identityOfLog(ledger, secrets, known) : firstIdentity(ledger, secrets, now, started);
}

/** As it is now: the same object as long as no process has begun another log or exchanged the key. */
export function currentIdentity(
  ledger: Ledger,
  secrets: SecretStore,
  known: StationIdentity,
): StationIdentity {
  const log = ledger.logs.current()!;
  return log.log_id === known.logId && verifierKeyOfLog(ledger, log) === known.verifierKey
    ? known
    : identityOfLog(ledger, secrets, log);
}

/** The key that signs for a log today. */
export function verifierKeyOfLog(ledger: Ledger, log: LogRow): string {
  return ledger.logKeys.newest(log.log_id)?.verifier_key ?? log.verifier_key;
}

/** Inside the transaction that begins a log with it, or brings it into one: a crash before that transaction ends changes nothing. */
export function prepareNextKey(secrets: SecretStore, origin: string): StationKey {
  const secret = generateStationKey();
  secrets.replace(NEXT, secret);
  return stationKeyFromSecret(secret, origin);
}

/**
 * The identity of the current log, with the key that signs it today. A prepared key that the ledger names takes the old
 * one's place here, which is gone then.
 */
export function identityOfLog(ledger: Ledger, secrets: SecretStore, log: LogRow): StationIdentity {
  const verifierKey = verifierKeyOfLog(ledger, log);
  const secret = secrets.read(KEY);
  const key = secret === undefined ? undefined : keyOf(secret, log.origin);
  if (key?.verifierKey === verifierKey) return identityWith(log, key);
  // The process that exchanged it may not have come to this yet, or never will.
  const next = secrets.read(NEXT);
  const nextKey = next === undefined ? undefined : keyOf(next, log.origin);
  if (nextKey?.verifierKey === verifierKey) {
    secrets.replace(KEY, next!);
    secrets.remove(NEXT);
    return identityWith(log, nextKey);
  }
  if (key === undefined)
    throw new StationError(
      'station-key-missing',
      `the key of ${log.origin} is not in ${secrets.description}`,
    );
  throw new StationError('station-key-foreign', `the station key is not the one of ${log.origin}`);
}

function keyOf(secret: string, origin: string): StationKey {
  try {
    return stationKeyFromSecret(secret, origin);
  } catch (cause) {
    throw new StationError('station-key-foreign', 'the station key cannot be read', { cause });
  }
}

export function identityWith(log: LogRow, key: StationKey): StationIdentity {
  return {
    stationId: log.station_id,
    logId: log.log_id,
    origin: log.origin,
    verifierKey: key.verifierKey,
    key,
  };
}

/** A log of this name that nothing was written to yet. */
export function newLogRow(stationId: string, now: number, keyFor: (origin: string) => StationKey) {
  const logId = `log-${randomBytes(5).toString('hex')}`;
  const origin = `${stationId}/${logId}`;
  const key = keyFor(origin);
  const row: LogRow = {
    log_id: logId,
    station_id: stationId,
    origin,
    verifier_key: key.verifierKey,
    started_at: now,
  };
  return { row, identity: identityWith(row, key) };
}

function firstIdentity(
  ledger: Ledger,
  secrets: SecretStore,
  now: number,
  started: (identity: StationIdentity) => void,
): StationIdentity {
  return ledger.transaction(() => {
    const meanwhile = ledger.logs.current();
    if (meanwhile) return identityOfLog(ledger, secrets, meanwhile);
    // The secret comes first and only once, under the ledger's lock: a keyring has none of its own.
    const secret = secrets.read(KEY) ?? secrets.writeOnce(KEY, generateStationKey());
    const stationId = `station-${randomBytes(5).toString('hex')}`;
    const { row, identity } = newLogRow(stationId, now, origin => stationKeyFromSecret(secret, origin));
    ledger.logs.insert(row);
    started(identity);
    return identity;
  });
}
