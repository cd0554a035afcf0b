/**
 * What a person decided at the sending station about a conflict that DPS answered here: the entry in conflict is this
 * ledger's as well, so the decision is carried out in both. What is only cancelled there is never sent, and stays to be
 * decided on here.
 */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { ReadBundleEntry } from '../../courier/bundle-entry.ts';
import type { AllowedAct } from '../act.ts';
import { bringsWholeDocument } from '../conflict-desk/decisions.ts';
import type { StationCore } from '../open-core.ts';
import { moveEntry } from '../queue/move-entry.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { writeDown } from '../queue/request-entry.ts';

/** Theirs is to be replaced: what found it leaves its place to the entry that names their etag. Inside a transaction. */
export function giveWay(
  core: StationCore,
  replacement: OutboxRow,
  { overEtag }: ReadBundleEntry,
  stationId: string,
  by: AllowedAct,
): void {
  if (overEtag === undefined) return;
  const stopped = inConflict(core, replacement.device_id, stationId).find(bringsWholeDocument);
  if (!stopped) return;
  core.ledger.outbox.putBefore(replacement.entry_id, stopped.entry_id);
  moveEntry(core, stopped, { event: 'cancel', because: by.reason }, by.account);
}

/**
 * The enrollment went from DPS and is made again, before the change that found it gone. Inside a transaction.
 * @returns undefined where nothing of the device waits for that
 */
export function makeAgain(
  core: StationCore,
  device: Pick<DeviceRow, 'device_id' | 'registration_id' | 'harvest_id'>,
  { document, because }: ReadBundleEntry,
  stationId: string,
  account: string,
): OutboxRow | undefined {
  const stopped = inConflict(core, device.device_id, stationId).find(
    ({ reason }) => reason === 'gone-from-dps',
  );
  if (!stopped) return undefined;
  const by = { account, reason: because ?? 'courier' };
  const create = queueEntry(core, { device, operation: 'create', document, because: by.reason });
  core.ledger.outbox.putBefore(create.entry_id, stopped.entry_id);
  writeDown(core, create, by, { change: 'requested' });
  moveEntry(core, core.ledger.outbox.get(stopped.entry_id)!, { event: 'retry' }, account);
  return create;
}

const inConflict = ({ ledger }: StationCore, deviceId: string, stationId: string): OutboxRow[] =>
  ledger.outbox
    .ofDevice(deviceId)
    .filter(
      ({ state, entry_id }) =>
        state === 'conflict' && ledger.courierTaken.stationOfLocal(entry_id) === stationId,
    );
