/**
 * A supervisor overrules the verdict on a duplicate (rule H6): the attempt's own evidence stands, so that no second harvest
 * is needed, and the decision is an attempt of its own that passed. The device of before retires with its history and is the
 * new one's predecessor; its enrollment is deleted, and only then the new one is created, also where both have one id.
 */
import { randomUUID } from 'node:crypto';
import type { HarvestRow } from '../../../db/rows.ts';
import { type Act, type AllowedAct, allowed } from '../act.ts';
import { addDevice } from '../attempt/add-device.ts';
import { deviceNames } from '../devices/device-names.ts';
import { retire } from '../devices/retire-device.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { isDisabled, requestChange, writeDown } from '../queue/request-entry.ts';
import { actOfOverruling, type Overruling } from './overruling.ts';
import { outdated, type RefusedAttempt, refusedAttempt, unfit } from './refused-attempt.ts';

export interface OverruleRequest {
  /** The refused attempt that was looked at. */
  readonly harvestId: string;
  readonly overruling: Overruling;
  /** The device that it was refused for when somebody looked; another one now: `harvest-outdated`. */
  readonly deviceId?: string | undefined;
}

export interface OverruledAttempt {
  /** Of the decision, which is an attempt of its own. */
  readonly harvestId: string;
  readonly overruled: string;
  readonly overruling: Overruling;
  readonly deviceId: string;
  readonly retiredDeviceId: string;
  readonly serial: string;
  /** The serial that the device had until now; with `accept` the same. */
  readonly serialBefore: string | null;
  readonly registrationId: string;
  readonly ekSha256: string;
  /** The entry that deletes the old enrollment; null where DPS never had it. */
  readonly deleteEntry: string | null;
  readonly createEntry: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * A supervisor's act.
 * @throws StationError `harvest-unknown`, `harvest-unfit`, `harvest-outdated`, `names-taken` with the reason
 */
export function overruleAttempt(core: StationCore, request: OverruleRequest, act: Act): OverruledAttempt {
  return core.ledger.transaction(() => {
    const by = allowed(core, actOfOverruling[request.overruling], act);
    const refused = refusedAttempt(core, request.harvestId);
    if (refused.overruling !== request.overruling)
      throw unfit(`it ended in ${refused.row.code}, which takes ${refused.overruling}`);
    if (request.deviceId !== undefined && request.deviceId !== refused.device.device_id)
      throw outdated('another device has this serial or this key now');
    return carryOut(core, refused, by);
  });
}

function carryOut(core: StationCore, refused: RefusedAttempt, by: AllowedAct): OverruledAttempt {
  const { row, serial, device: old, evidence, product, overruling } = refused;
  const named = freeNames(core, refused);
  const decision = recordDecision(core, refused, named.registrationId, by);
  const disabled = overruling === 'relabel' && isDisabled(core, old);
  const word = overruling === 'relabel' ? `relabelled as ${serial}` : 'replaced';
  const deletion = retire(core, old, { ...by, reason: `${word}: ${by.reason}` });
  const { device, entry } = addDevice(core, {
    harvestId: decision.harvest_id,
    origin: row.origin,
    serial,
    product,
    workOrder: row.work_order ?? old.work_order,
    registrationId: named.registrationId,
    dpsDeviceId: named.deviceId,
    key: evidence.key,
    certificate: certificateOf(refused),
    predecessorId: old.device_id,
    because: by.reason,
    after: deletion?.entry_id,
  });
  writeDown(core, entry, by, {
    change: 'requested',
    replaces: { registrationId: old.registration_id, harvestId: old.harvest_id },
  });
  // Somebody took this key out of service at DPS on purpose: a new label does not let it in again.
  if (disabled) requestChange(core, device, 'disable', { provisioningStatus: 'disabled' }, by);
  return {
    harvestId: decision.harvest_id,
    overruled: row.harvest_id,
    overruling,
    deviceId: device.device_id,
    retiredDeviceId: old.device_id,
    serial,
    serialBefore: old.serial,
    registrationId: device.registration_id,
    ekSha256: device.ek_sha256,
    deleteEntry: deletion?.entry_id ?? null,
    createEntry: entry.entry_id,
    at: decision.at,
  };
}

export function freeNames(
  { ledger }: StationCore,
  { device: old, serial, product, evidence, overruling }: RefusedAttempt,
): { readonly registrationId: string; readonly deviceId?: string } {
  const named = deviceNames(product, { registrationId: evidence.key.registrationId, serial });
  if (!named.ok) throw new StationError('names-taken', named.detail);
  const taken = [
    overruling === 'relabel' ? ledger.devices.bySerial(serial, product.name) : undefined,
    ledger.devices.byRegistrationId(named.registrationId),
  ].find(holder => holder && holder.device_id !== old.device_id);
  if (taken)
    throw new StationError(
      'names-taken',
      `${taken.serial ?? taken.device_id} is in service with this serial or registration id`,
    );
  return named;
}

/** What was verified once stays so, as at a retest: it is the same key. */
function certificateOf({ device, evidence: { certificate }, overruling }: RefusedAttempt) {
  const keeps = overruling === 'relabel' && device.certificate_status === 'verified';
  if (keeps)
    return {
      status: device.certificate_status,
      ...(device.certificate === null ? {} : { der: device.certificate.toString('base64') }),
    };
  return (
    certificate && {
      status: certificate.status,
      ...(certificate.der === undefined ? {} : { der: certificate.der }),
    }
  );
}

/** The attempt that passed by decision, with the evidence of the refused one, and its entry in the audit. */
function recordDecision(
  core: StationCore,
  { row, evidence, device, overruling }: RefusedAttempt,
  registrationId: string,
  by: AllowedAct,
): HarvestRow {
  const { at } = core.clock.read();
  const harvestId = randomUUID();
  const personId = personOf(core.ledger, by.account, at);
  const decides = {
    harvestId: row.harvest_id,
    code: row.code,
    overruling,
    serialBefore: device.serial,
    ekSha256Before: device.ek_sha256,
  };
  const { key, certificate } = evidence;
  const audit_index = core.audit.append(core.identity, personId, {
    type: 'decision',
    data: {
      harvestId,
      decides,
      because: by.reason,
      serial: row.serial,
      product: row.product,
      workOrder: row.work_order,
      fixture: row.fixture,
      verdict: 'passed',
      code: 'passed-by-decision',
      registrationId,
      endorsementKey: key.endorsementKey,
      ekSha256: key.ekSha256,
      ekTemplate: key.ekTemplate,
      possession: evidence.possession ?? 'not-tested',
      ...(certificate ? { certificate: { status: certificate.status } } : {}),
      warnings: evidence.warnings,
    },
  });
  const decided: HarvestRow = {
    ...row,
    harvest_id: harvestId,
    at,
    person_id: personId,
    stated_operator: null,
    verdict: 'passed',
    code: 'passed-by-decision',
    registration_id: registrationId,
    duration_ms: 0,
    evidence: JSON.stringify({ ...evidence, decides, because: by.reason }),
    log_id: core.identity.logId,
    audit_index,
  };
  core.ledger.harvests.insert(decided);
  return decided;
}
