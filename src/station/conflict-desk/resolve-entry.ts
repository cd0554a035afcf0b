/**
 * A person's decision on an entry that the drain cannot go on with: one transaction with its evidence, sent to DPS by the
 * outbox like everything else, so that a lost reply is resolved by asking (rules O1, O3). Nothing is deleted to get rid of
 * it (rule O4): what is not to be sent is cancelled with its reason, what follows from the decision is a new entry.
 */
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import { otherRegistrationId } from '../../enrollment/other-registration-id.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import type { Actor } from '../access/authorize.ts';
import { type AllowedAct, allowed, reasonOf } from '../act.ts';
import { addDevice } from '../attempt/add-device.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { deviceNames } from '../devices/device-names.ts';
import { retire } from '../devices/retire-device.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { enrollmentSubject } from '../queue/enrollment-subject.ts';
import { moveEntry } from '../queue/move-entry.ts';
import { rowOf } from '../queue/queue.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { writeDown } from '../queue/request-entry.ts';
import { actOfDecision, type Decision } from './decisions.ts';
import { bringsWholeDocument, decisionsFor } from './fitting-decisions.ts';
import { theirRecord } from './their-record.ts';

export interface ResolveRequest {
  readonly entryId: string;
  readonly decision: Decision;
  readonly reason: string;
}

export interface Resolution {
  readonly entryId: string;
  readonly decision: Decision;
  readonly state: OutboxRow['state'];
  /** The entry that the decision made, or put back into the queue; null where nothing is sent. */
  readonly nextEntryId: string | null;
  readonly registrationId: string;
  /** The device left service with it. */
  readonly retired: boolean;
}

type Outcome = Pick<Resolution, 'nextEntryId'> & Partial<Pick<Resolution, 'registrationId' | 'retired'>>;

/** @throws StationError `entry-unknown`, `decision-unfit`, `reason-invalid`, `new-id-impossible`, and as `authorize` does */
export function resolveEntry(core: StationCore, request: ResolveRequest, who: Actor): Resolution {
  const { entryId, decision } = request;
  return core.ledger.transaction(() => {
    const reason = `${decision}: ${reasonOf(request.reason)}`;
    const act = allowed(core, actOfDecision[decision], { who, reason });
    const row = rowOf(core, entryId);
    const open = decisionsFor(row);
    if (!open.includes(decision))
      throw new StationError(
        'decision-unfit',
        `entry ${entryId} is ${row.state}${row.reason === null ? '' : ` (${row.reason})`}; open: ${open.join(', ') || 'nothing'}`,
      );
    const outcome = carryOut[decision](core, row, act);
    return {
      entryId,
      decision,
      state: rowOf(core, entryId).state,
      registrationId: row.registration_id,
      retired: false,
      ...outcome,
    };
  });
}

const carryOut: Readonly<Record<Decision, (core: StationCore, row: OutboxRow, act: AllowedAct) => Outcome>> =
  {
    keep,
    replace: (core, row, act) =>
      row.reason === 'gone-from-dps' ? createAgain(core, row, act) : replace(core, row, act),
    'new-id': giveNewId,
    cancel(core, row, act) {
      cancel(core, row, act);
      return { nextEntryId: null };
    },
    retarget,
  };

/**
 * Where DPS has our key without a serial, its enrollment is this device's from now on. Where it has another serial or
 * another key, ours is not that device: it leaves service, so that a board that comes again is judged anew.
 */
function keep(core: StationCore, row: OutboxRow, act: AllowedAct): Outcome {
  const isNotOurs = bringsWholeDocument(row) && row.reason !== 'unknown-origin';
  if (isNotOurs) retire(core, deviceOf(core, row), act);
  else cancel(core, row, act);
  return { nextEntryId: null, retired: isNotOurs };
}

/** Ours takes the place of exactly the record that the decision was made on: of another one DPS's etag says so. */
function replace(core: StationCore, row: OutboxRow, act: AllowedAct): Outcome {
  const replacement = queueEntry(core, {
    device: deviceOf(core, row),
    operation: 'update',
    document: JSON.parse(row.document),
    because: act.reason,
    overEtag: theirRecord(row)!.etag!,
  });
  core.ledger.outbox.putBefore(replacement.entry_id, row.entry_id);
  // What waited for the entry waits for its replacement now: the schema hands the place on.
  cancel(core, row, act);
  writeDown(core, replacement, act, { change: 'requested' });
  return { nextEntryId: replacement.entry_id };
}

/** The enrollment is made anew as it was made first, and then the change that found it gone goes on. */
function createAgain(core: StationCore, row: OutboxRow, act: AllowedAct): Outcome {
  const device = deviceOf(core, row);
  const made = core.ledger.outbox.ofDevice(device.device_id).findLast(each => each.operation === 'create');
  const create = queueEntry(core, {
    device,
    operation: 'create',
    document: JSON.parse(made!.document),
    because: act.reason,
  });
  core.ledger.outbox.putBefore(create.entry_id, row.entry_id);
  writeDown(core, create, act, { change: 'requested' });
  moveEntry(core, rowOf(core, row.entry_id), { event: 'retry' }, act.account);
  return { nextEntryId: create.entry_id };
}

function giveNewId(core: StationCore, row: OutboxRow, act: AllowedAct): Outcome {
  const device = deviceOf(core, row);
  const product = productOf(core.configuration, device.product);
  const ofKey = deriveRegistrationId(device.endorsement_key);
  const named = deviceNames(product, { registrationId: ofKey, serial: device.serial });
  const other = named.ok ? otherRegistrationId(named.registrationId, ofKey) : named;
  if (!other.ok) throw new StationError('new-id-impossible', other.detail);
  if (
    other.registrationId === device.registration_id ||
    core.ledger.devices.byRegistrationId(other.registrationId)
  )
    throw new StationError('new-id-impossible', `${other.registrationId} is taken, too`);
  retire(core, device, act);
  const { entry } = addDevice(core, {
    harvestId: device.harvest_id,
    origin: device.origin,
    serial: device.serial,
    product,
    workOrder: device.work_order,
    registrationId: other.registrationId,
    dpsDeviceId: named.ok ? named.deviceId : undefined,
    key: {
      endorsementKey: device.endorsement_key.toString('base64'),
      ekSha256: device.ek_sha256,
      ekTemplate: device.ek_template,
    },
    certificate: {
      status: device.certificate_status,
      ...(device.certificate === null ? {} : { der: device.certificate.toString('base64') }),
    },
    predecessorId: device.device_id,
    because: act.reason,
  });
  writeDown(core, entry, act, {
    change: 'requested',
    replaces: { registrationId: device.registration_id, harvestId: device.harvest_id },
  });
  return { nextEntryId: entry.entry_id, registrationId: other.registrationId };
}

/** All of the device that is not settled goes with it: its later changes are for the same enrollment. */
function retarget(core: StationCore, row: OutboxRow, act: AllowedAct): Outcome {
  const target = core.dpsTarget;
  if (target === null) throw new StationError('dps-not-configured', 'there is no DPS to send it to');
  const { ledger } = core;
  for (const each of ledger.outbox.ofDevice(row.device_id)) {
    if (!ledger.outbox.retarget(each.entry_id, target.host, target.idScope)) continue;
    core.audit.append(core.identity, personOf(ledger, act.account, core.clock.read().at), {
      type: 'enrollment',
      data: {
        ...enrollmentSubject(core, each),
        change: 'retargeted',
        detail: `was for ${each.dps_host ?? 'none'}`,
        dpsHost: target.host,
        idScope: target.idScope,
        because: act.reason,
      },
    });
    moveEntry(core, rowOf(core, each.entry_id), { event: 'retry' }, act.account);
  }
  return { nextEntryId: row.entry_id };
}

function cancel(core: StationCore, row: OutboxRow, act: AllowedAct): void {
  moveEntry(core, rowOf(core, row.entry_id), { event: 'cancel', because: act.reason }, act.account);
}

function deviceOf(core: StationCore, row: OutboxRow): DeviceRow {
  return core.ledger.devices.get(row.device_id)!;
}
