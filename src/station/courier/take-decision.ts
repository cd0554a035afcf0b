/**
 * What a person decided at the sending station about a conflict that DPS answered here: the entry in conflict is this
 * ledger's as well, so the decision is carried out in both. What is only cancelled there is never sent, and stays to be
 * decided on here.
 */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { ReadBundleEntry } from '../../courier/bundle-entry.ts';
import type { AllowedAct } from '../act.ts';
import { bringsWholeDocument } from '../conflict-desk/fitting-decisions.ts';
import type { StationCore } from '../open-core.ts';
import { moveEntry } from '../queue/move-entry.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { isEnrolledOrWillBe, writeDown } from '../queue/request-entry.ts';

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

interface Again {
  readonly stationId: string;
  readonly account: string;
  /** The device was harvested anew there, and DPS will name that harvest: called so that this ledger has it, too. */
  readonly noteHarvest: (device: DeviceRow) => void;
}

/**
 * A second create for a device that the same station brought before: its person wants it sent after all. What a conflict or a
 * refusal of DPS stopped is tried again; what was cancelled, or went from DPS, is made again, before the change that found it
 * gone. Inside a transaction.
 * @param create what stands here for the first one
 * @returns the new entry; undefined where none was needed
 */
export function sendAgain(
  core: StationCore,
  create: OutboxRow,
  { document, harvestId, because }: ReadBundleEntry,
  { stationId, account, noteHarvest }: Again,
): OutboxRow | undefined {
  const { ledger } = core;
  // Under another id it would be another enrollment.
  const isSame = document.registrationId === create.registration_id;
  if (!isSame || ledger.courierTaken.stationOfLocal(create.entry_id) !== stationId) return undefined;
  // Where it is not stopped, the table has no such way, and nothing is done.
  moveEntry(core, create, { event: 'retry' }, account);
  const device = ledger.devices.get(create.device_id)!;
  const gone = inConflict(core, device.device_id, stationId).find(({ reason }) => reason === 'gone-from-dps');
  if (!gone && isEnrolledOrWillBe(core, device)) return undefined;
  const by = { account, reason: because ?? 'courier' };
  if (harvestId !== device.harvest_id) noteHarvest(device);
  const wishes = { operation: 'create', document, because: by.reason } as const;
  const again = queueEntry(core, { device: { ...device, harvest_id: harvestId }, ...wishes });
  if (gone) ledger.outbox.putBefore(again.entry_id, gone.entry_id);
  writeDown(core, again, by, { change: 'requested' });
  if (gone) moveEntry(core, ledger.outbox.get(gone.entry_id)!, { event: 'retry' }, account);
  return again;
}

const inConflict = ({ ledger }: StationCore, deviceId: string, stationId: string): OutboxRow[] =>
  ledger.outbox
    .ofDevice(deviceId)
    .filter(
      ({ state, entry_id }) =>
        state === 'conflict' && ledger.courierTaken.stationOfLocal(entry_id) === stationId,
    );
