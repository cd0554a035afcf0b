/**
 * One enrollment on both sides: what the ledger says of an id against what DPS has by it. Decides nothing and changes
 * nothing; what DPS has came over the network and is not believed beyond its shape.
 */
import { createHash } from 'node:crypto';
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import { provenanceOf } from '../../dps/provenance.ts';
import type { EnrollmentRecord } from '../../dps/service.ts';
import { differingMembers, findChange } from '../../outbox/change.ts';
import type { EnrollmentChange } from '../../outbox/enrollment-change.ts';
import { recognise } from '../../outbox/recognise.ts';
import type { ConflictReason } from '../../outbox/store.ts';
import { harvestingStation } from '../courier/harvesting-station.ts';
import type { StationCore } from '../open-core.ts';
import { jsonOrText } from '../queue/queue.ts';
import type { Finding } from './findings.ts';
import { changeEntry, type LedgerSide, type Wanted } from './ledger-side.ts';

export type Judgement =
  | { readonly outcome: 'finding'; readonly finding: Finding }
  /** Both sides say the same, or a person decided that it stays as it is. */
  | { readonly outcome: 'agrees' }
  | { readonly outcome: 'under-way' | 'stopped' | 'elsewhere' }
  | { readonly outcome: 'other-station'; readonly stationId: string };

const agrees: Judgement = { outcome: 'agrees' };

export function judge(core: StationCore, side: LedgerSide, record: EnrollmentRecord | undefined): Judgement {
  switch (side.kind) {
    case 'under-way':
    case 'elsewhere':
      return { outcome: side.kind };
    case 'stopped':
      return judgeStopped(core, side, record);
    case 'enrolled':
      return judgeEnrolled(side.wanted, record);
    case 'none':
      return record ? judgeLeft(core, side.devices, record) : agrees;
    case 'unknown':
      return record ? judgeUnknown(core, record) : agrees;
  }
}

/** A stopped entry waits for a person anyway; new is only that DPS has by now what it wants. */
function judgeStopped(
  core: StationCore,
  { device, entries }: Extract<LedgerSide, { kind: 'stopped' }>,
  record: EnrollmentRecord | undefined,
): Judgement {
  const fulfilled = entries.find(entry => isFulfilled(core, device, entry, record));
  return fulfilled
    ? found('not-acknowledged', device, { entryId: fulfilled.entry_id })
    : { outcome: 'stopped' };
}

function isFulfilled(
  core: StationCore,
  device: DeviceRow,
  row: OutboxRow,
  record: EnrollmentRecord | undefined,
): boolean {
  const document = jsonOrText(row.document);
  if (typeof document !== 'object' || document === null || row.reason === 'unreadable') return false;
  const { operation } = row;
  const entry = changeEntry(core, device, document as EnrollmentChange);
  if (operation === 'create') return record !== undefined && recognise(entry, record).kind === 'enrolled';
  return findChange({ ...entry, operation }, record).kind === 'so';
}

function judgeEnrolled({ device, entry }: Wanted, record: EnrollmentRecord | undefined): Judgement {
  if (!record) return found('missing', device);
  const recognition = recognise(entry, record);
  if (recognition.kind === 'conflict') return found('not-ours', device, { reason: recognition.reason });
  const members = differingMembers(comparable(entry.document), record);
  return members.length === 0 ? agrees : found('changed', device, { members });
}

/** Which harvest made the enrollment stays on record in DPS: a later one of the same device is no difference. */
export function comparable(document: EnrollmentChange): EnrollmentChange {
  const { optionalDeviceInformation, ...rest } = document;
  if (!optionalDeviceInformation) return document;
  const { stationId: _, harvestId: __, ...information } = optionalDeviceInformation;
  return { ...rest, optionalDeviceInformation: information };
}

/** The ledger says that DPS has nothing of these devices. */
function judgeLeft(core: StationCore, devices: readonly DeviceRow[], record: EnrollmentRecord): Judgement {
  const station = otherStationOf(core, record);
  // What a courier brought is this station's to enrol and to delete, though the enrollment names who harvested it.
  if (station && !devices.some(each => harvestingStation(core, each.harvest_id) === station.stationId))
    return station;
  for (const device of devices) {
    const ours = changeEntry(core, device, ofKey(device.endorsement_key.toString('base64')));
    if (recognise(ours, record).kind === 'enrolled') {
      const inForce = device.retired_at === null;
      const deleted = core.ledger.outbox
        .ofDevice(device.device_id)
        .some(({ operation, state }) => operation === 'delete' && state === 'enrolled');
      return found(inForce && !deleted ? 'not-acknowledged' : 'not-deleted', device);
    }
    if (wasKept(core, device)) return agrees;
  }
  return judgeUnknown(core, record);
}

const keptFor: ReadonlySet<string | null | undefined> = new Set<ConflictReason>([
  'clone-elsewhere',
  'unknown-origin',
  'other-endorsement-key',
]);

/** A person decided that what DPS has stays (`keep` at the conflict desk): the cancelled entry says why it stopped. */
function wasKept(core: StationCore, device: DeviceRow): boolean {
  const last = core.ledger.outbox.ofDevice(device.device_id).at(-1);
  return last?.state === 'cancelled' && keptFor.has(last.reason);
}

function judgeUnknown(core: StationCore, record: EnrollmentRecord): Judgement {
  const digest = ekSha256Of(record);
  const sameKey = digest === undefined ? undefined : core.ledger.devices.byEkSha256(digest);
  const registrationId = String(record.registrationId);
  if (sameKey && sameKey.registration_id !== registrationId.toLowerCase())
    return { outcome: 'finding', finding: { ...findingOf('same-key', sameKey), registrationId } };
  const station = otherStationOf(core, record);
  if (station) return station;
  const from = provenanceOf(record);
  const kind = from?.stationId === undefined ? 'unknown-origin' : 'not-in-ledger';
  const { attestation } = record as { attestation?: { type?: unknown } };
  const finding: Finding = {
    kind,
    registrationId,
    deviceId: null,
    serial: from?.serial ?? null,
    ...(typeof attestation?.type === 'string' ? { attestation: attestation.type } : {}),
  };
  return { outcome: 'finding', finding };
}

function otherStationOf(
  core: StationCore,
  record: EnrollmentRecord,
): Extract<Judgement, { outcome: 'other-station' }> | undefined {
  const stationId = provenanceOf(record)?.stationId;
  if (stationId === undefined || stationId === core.identity.stationId) return undefined;
  return { outcome: 'other-station', stationId };
}

function ekSha256Of({ attestation }: EnrollmentRecord): string | undefined {
  const { tpm } = (attestation ?? {}) as { tpm?: { endorsementKey?: unknown } };
  const key = tpm?.endorsementKey;
  if (typeof key !== 'string') return undefined;
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex');
}

function ofKey(endorsementKey: string): EnrollmentChange {
  return { registrationId: '', attestation: { type: 'tpm', tpm: { endorsementKey } } };
}

function found(kind: Finding['kind'], device: DeviceRow, more: Partial<Finding> = {}): Judgement {
  return { outcome: 'finding', finding: { ...findingOf(kind, device), ...more } };
}

function findingOf(kind: Finding['kind'], device: DeviceRow): Finding {
  return {
    kind,
    registrationId: device.registration_id,
    deviceId: device.device_id,
    serial: device.serial,
  };
}
