/**
 * Whose bundles this station takes, and whose receipts (one receiver). A supervisor's acts; a key that took another's place,
 * signed by both, is followed by itself, a new log is not: nothing that an old checkpoint shows proves who began it.
 */
import { parseVerifierKey } from '../../audit/signed-note.ts';
import { CourierError } from '../../courier/errors.ts';
import { stationOf } from '../../courier/manifest.ts';
import { type Act, allowed } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';

export interface CourierPeer {
  readonly origin: string;
  readonly verifierKey: string;
  /** `bundles`: what it packed is enrolled here; `receipts`: its receipts close entries here. */
  readonly takes: 'bundles' | 'receipts';
  /** Epoch milliseconds. */
  readonly addedAt: number;
}

export function courierPeers({ ledger }: StationCore): CourierPeer[] {
  return ledger.courierPeers.all().map(row => ({
    origin: row.origin,
    verifierKey: row.verifier_key,
    takes: row.takes,
    addedAt: row.added_at,
  }));
}

/**
 * @param text a verifier key, as `keyline audit key` prints it
 * @throws CourierError `courier-key-invalid`, `courier-own`, `courier-peer-known`, `courier-station-known`, `courier-receiver-pinned`
 */
export function trustPeer(
  core: StationCore,
  text: string,
  takes: CourierPeer['takes'],
  act: Act,
): CourierPeer {
  const verifierKey = text.trim();
  const origin = parseVerifierKey(verifierKey)?.name ?? '';
  if (!/^[^/]+\/[^/]+$/.test(origin))
    throw new CourierError('courier-key-invalid', 'this is no key of a station');
  const station_id = stationOf(origin);
  const { ledger } = core;
  return ledger.transaction(() => {
    const { account, reason } = allowed(core, 'trust-courier', act);
    if (station_id === core.identity.stationId)
      throw new CourierError('courier-own', `${origin} is this station`);
    const known = ledger.courierPeers.ofStation(station_id);
    if (known?.verifier_key === verifierKey && known.takes === takes)
      throw new CourierError('courier-peer-known', `${origin} is on the list`);
    if (known)
      throw new CourierError(
        'courier-station-known',
        `${known.origin}, which this station takes ${known.takes} of`,
      );
    const receiver =
      takes === 'receipts' ? ledger.courierPeers.all().find(row => row.takes === 'receipts') : undefined;
    if (receiver)
      throw new CourierError('courier-receiver-pinned', `receipts are taken from ${receiver.origin}`);
    const { at } = core.clock.read();
    const person_id = personOf(ledger, account, at);
    ledger.courierPeers.insert({
      origin,
      station_id,
      verifier_key: verifierKey,
      takes,
      added_at: at,
      person_id,
    });
    core.audit.append(core.identity, person_id, {
      type: 'courier',
      data: { change: 'trusted', origin, verifierKey, takes, because: reason },
    });
    return { origin, verifierKey, takes, addedAt: at };
  });
}

/** @param name origin or station id @throws CourierError `courier-peer-unknown` */
export function distrustPeer(core: StationCore, name: string, act: Act): CourierPeer {
  const { ledger } = core;
  return ledger.transaction(() => {
    const { account, reason } = allowed(core, 'trust-courier', act);
    const peer = courierPeers(core).find(({ origin }) => origin === name || stationOf(origin) === name);
    if (!peer) throw new CourierError('courier-peer-unknown', 'no station of this name is on the list');
    ledger.courierPeers.remove(peer.origin);
    core.audit.append(core.identity, personOf(ledger, account, core.clock.read().at), {
      type: 'courier',
      data: { change: 'untrusted', origin: peer.origin, because: reason },
    });
    return peer;
  });
}
