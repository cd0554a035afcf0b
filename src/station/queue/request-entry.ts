/** A person asks for something of DPS: the entry and its evidence, inside the caller's transaction (rule O1). */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { EnrollmentData } from '../../audit/entry-data.ts';
import type { EnrollmentChange } from '../../outbox/enrollment-change.ts';
import { isFinal, type Operation } from '../../outbox/states.ts';
import type { AllowedAct } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { enrollmentSubject } from './enrollment-subject.ts';
import { moveEntry } from './move-entry.ts';
import { queueEntry } from './queue-entry.ts';

/** A change of a device's enrollment, behind whatever is under way for it. */
export function requestChange(
  core: StationCore,
  device: DeviceRow,
  operation: Exclude<Operation, 'create'>,
  change: Omit<EnrollmentChange, 'registrationId' | 'attestation'>,
  by: AllowedAct,
): OutboxRow {
  const document: EnrollmentChange = {
    registrationId: device.registration_id,
    attestation: { type: 'tpm', tpm: { endorsementKey: device.endorsement_key.toString('base64') } },
    ...change,
  };
  const entry = queueEntry(core, { device, operation, document, because: by.reason });
  writeDown(core, entry, by, { change: 'requested' });
  return entry;
}

/** The evidence for what a person decided about an entry or its device. */
export function writeDown(
  core: StationCore,
  entry: OutboxRow,
  by: AllowedAct,
  decision: Pick<EnrollmentData, 'change' | 'retired' | 'replaces'>,
): void {
  core.audit.append(core.identity, personOf(core.ledger, by.account, core.clock.read().at), {
    type: 'enrollment',
    data: { ...enrollmentSubject(core, entry), ...decision, because: by.reason },
  });
}

/** Whether DPS holds an enrollment of the device, or will: a create, or what replaced a foreign one, that was not cancelled. */
export function isEnrolledOrWillBe(core: StationCore, device: DeviceRow): boolean {
  const entries = core.ledger.outbox.ofDevice(device.device_id).filter(({ state }) => state !== 'cancelled');
  const made = entries.findLastIndex(entry => entry.operation === 'create' || takesTheirPlace(entry));
  return made > entries.findLastIndex(entry => entry.operation === 'delete');
}

/** Whether a person keeps it from registering, at DPS or as soon as DPS hears of it. */
export function isDisabled(core: StationCore, device: DeviceRow): boolean {
  const switches = core.ledger.outbox
    .ofDevice(device.device_id)
    .filter(
      ({ operation, state }) => (operation === 'disable' || operation === 'enable') && state !== 'cancelled',
    );
  return switches.at(-1)?.operation === 'disable';
}

/** An update that a person decided to write over a foreign enrollment makes ours of it, as a create does. */
function takesTheirPlace({ operation, over_etag }: OutboxRow): boolean {
  return operation === 'update' && over_etag !== null;
}

/**
 * Whether DPS can never come to hold anything by this entry (outbox rule 17): it was never sent, or DPS or a
 * courier's receipt answered that it is not there or is not ours.
 */
export function canBeCancelled(entry: OutboxRow): boolean {
  if (entry.state === 'conflict') return true;
  if (entry.state === 'quarantined')
    return entry.attempts === 0 || entry.reason === 'rejected-by-dps' || entry.reason === 'courier-refused';
  return entry.state === 'queued' && entry.attempts === 0;
}

/**
 * Ends what the device has in DPS: what can be cancelled is, and where something is there or may come to be there, a delete
 * waits behind it. @returns the delete; undefined where there is nothing to delete
 */
export function endEnrollment(core: StationCore, device: DeviceRow, by: AllowedAct): OutboxRow | undefined {
  const entries = core.ledger.outbox.ofDevice(device.device_id).filter(({ state }) => !isFinal(state));
  for (const entry of entries.toReversed())
    if (canBeCancelled(entry)) moveEntry(core, entry, { event: 'cancel', because: by.reason }, by.account);
  return isEnrolledOrWillBe(core, device) ? requestChange(core, device, 'delete', {}, by) : undefined;
}
