/**
 * What the ledger says that DPS should have by one registration id: folded from the entries of its device that DPS
 * fulfilled, later over earlier. An id whose entries are not all settled is left to the drain or to a person.
 */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { EnrollmentChange } from '../../outbox/enrollment-change.ts';
import { isFinal } from '../../outbox/states.ts';
import type { ChangeEntry } from '../../outbox/store.ts';
import { harvestingStation } from '../courier/harvesting-station.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';

/** A device with what was last wanted of its enrollment, as an entry that could be compared or sent. */
export interface Wanted {
  readonly device: DeviceRow;
  /** With every member that Keyline set: a create can be made of it as well as an update. */
  readonly entry: ChangeEntry;
}

export type LedgerSide =
  /** No device has or had this id. */
  | { readonly kind: 'unknown' }
  /** Queued, or sent and not answered. */
  | { readonly kind: 'under-way' }
  /** Its enrollment was made for another DPS. */
  | { readonly kind: 'elsewhere' }
  /** Waits for a person: in conflict or set aside. */
  | { readonly kind: 'stopped'; readonly device: DeviceRow; readonly entries: readonly OutboxRow[] }
  /** DPS fulfilled it and should have it. */
  | { readonly kind: 'enrolled'; readonly wanted: Wanted }
  /** DPS should have nothing by this id: what it may have left of these devices, newest first. */
  | { readonly kind: 'none'; readonly devices: readonly DeviceRow[] };

/** @param registrationId as DPS spells it, which compares ids without case */
export function ledgerSide(core: StationCore, target: DpsTarget, registrationId: string): LedgerSide {
  const { devices } = core.ledger;
  const id = registrationId.toLowerCase();
  const inForce = devices.byRegistrationId(id);
  const all = [...(inForce ? [inForce] : []), ...devices.retiredByRegistrationId(id)];
  if (all.length === 0) return { kind: 'unknown' };
  const sides = all.map(device => sideOf(core, target, device));
  return (
    sides.find(({ kind }) => kind === 'under-way') ??
    sides.find(({ kind }) => kind !== 'none') ?? { kind: 'none', devices: all }
  );
}

function sideOf(core: StationCore, target: DpsTarget, device: DeviceRow): LedgerSide {
  const entries = core.ledger.outbox.ofDevice(device.device_id);
  if (entries.some(entry => entry.state !== 'cancelled' && isForAnother(entry, target)))
    return { kind: 'elsewhere' };
  const open = entries.filter(({ state }) => !isFinal(state));
  const stopped = open.filter(({ state }) => state === 'conflict' || state === 'quarantined');
  // What is queued behind a stopped entry waits for the person with it.
  if (stopped.length > 0) return { kind: 'stopped', device, entries: stopped };
  if (open.length > 0) return { kind: 'under-way' };
  // Of a device that left service nothing is wanted any more, also where its delete was cancelled.
  const inForce = device.retired_at === null;
  const document = inForce && wantedDocument(entries.filter(({ state }) => state === 'enrolled'));
  if (!document) return { kind: 'none', devices: [device] };
  return { kind: 'enrolled', wanted: { device, entry: changeEntry(core, device, document) } };
}

function isForAnother({ dps_host, id_scope }: OutboxRow, target: DpsTarget): boolean {
  if (dps_host === null) return false;
  if (dps_host !== target.host) return true;
  return id_scope !== null && target.idScope !== null && id_scope !== target.idScope;
}

/** @param entries that DPS fulfilled, oldest first @returns undefined where it should have nothing */
export function wantedDocument(
  entries: readonly Pick<OutboxRow, 'operation' | 'document' | 'over_etag'>[],
): EnrollmentChange | undefined {
  let wanted: EnrollmentChange | undefined;
  for (const { operation, document, over_etag } of entries) {
    const asked = JSON.parse(document) as EnrollmentChange;
    // What a person decided to write over a foreign enrollment makes it ours, whole, as a create does.
    const whole = operation === 'create' || over_etag !== null;
    if (operation === 'delete') wanted = undefined;
    else if (whole) wanted = asked;
    else if (wanted) wanted = { ...wanted, ...asked, ...informationOf(wanted, asked) };
  }
  return wanted;
}

/** An update names only what it changes of it. */
function informationOf(
  before: EnrollmentChange,
  change: EnrollmentChange,
): Pick<EnrollmentChange, 'optionalDeviceInformation'> {
  const { optionalDeviceInformation: old } = before;
  const { optionalDeviceInformation: changed } = change;
  return old || changed ? { optionalDeviceInformation: { ...old, ...changed } } : {};
}

export function changeEntry(core: StationCore, device: DeviceRow, document: EnrollmentChange): ChangeEntry {
  return {
    entryId: '',
    operation: 'update',
    document,
    overEtag: null,
    registrationId: device.registration_id,
    ekSha256: device.ek_sha256,
    serial: device.serial,
    stationId: harvestingStation(core, device.harvest_id),
    harvestId: device.harvest_id,
    attempts: 0,
  };
}
