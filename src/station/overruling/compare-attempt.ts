/**
 * A refused duplicate side by side, for whoever decides: the device on record with its history, and the unit that was read
 * with the history of what is new about it. What a screen or a command line shows before anything is done. Reads only.
 */
import type { HarvestRow } from '../../../db/rows.ts';
import { actRoles, type Role } from '../access/roles.ts';
import { type ComparedField, shortDigest } from '../conflict-desk/compare-entry.ts';
import { StationError } from '../errors.ts';
import { tpmName } from '../kiosk/fixture-outcome.ts';
import type { StationCore } from '../open-core.ts';
import { isEnrolledOrWillBe } from '../queue/request-entry.ts';
import { freeNames } from './overrule-attempt.ts';
import { actOfOverruling, type Overruling } from './overruling.ts';
import { type RefusedAttempt, refusedAttempt } from './refused-attempt.ts';

export interface TriedBefore {
  readonly harvestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly serial: string | null;
  readonly verdict: HarvestRow['verdict'];
  readonly code: string;
  readonly origin: HarvestRow['origin'];
  readonly fixture: string | null;
  readonly workOrder: string | null;
  /** The beginning of the key's digest, in groups; null where none was read. */
  readonly key: string | null;
}

export interface AttemptComparison {
  readonly harvestId: string;
  readonly code: string;
  readonly serial: string;
  /** The device on record. */
  readonly deviceId: string;
  readonly overruling: Overruling;
  readonly roles: readonly Role[];
  /** `ours`: on record; `theirs`: the unit that was read. */
  readonly fields: readonly ComparedField[];
  /** Attempts of what is on record, and of what is new about the unit, but for this one; newest first. */
  readonly ours: readonly TriedBefore[];
  readonly theirs: readonly TriedBefore[];
  readonly serialBefore: string;
  /** Whether there is an enrollment to end, and whether the new one will have the same id. */
  readonly isEnrolled: boolean;
  readonly keepsId: boolean;
  /** The ids of the unit would be another device's: it cannot be decided before that is. */
  readonly namesTaken: boolean;
}

const shownAttempts = 5;

/** @throws StationError as `refusedAttempt` does */
export function compareAttempt(core: StationCore, harvestId: string): AttemptComparison {
  const refused = refusedAttempt(core, harvestId);
  const { row, serial, overruling, device, evidence } = refused;
  const registrationId = freeRegistrationId(core, refused);
  const { harvests } = core.ledger;
  const { ekSha256 } = evidence.key;
  const before = (rows: readonly HarvestRow[]) =>
    rows
      .filter(each => each.harvest_id !== harvestId && each.product === row.product)
      .slice(0, shownAttempts);
  const ofKey = before(harvests.ofEk(ekSha256));
  const ofSerial = before(harvests.ofSerial(serial));
  const [ours, theirs] = overruling === 'relabel' ? [ofKey, ofSerial] : [ofSerial, ofKey];
  return {
    harvestId,
    code: row.code,
    serial,
    deviceId: device.device_id,
    overruling,
    roles: actRoles[actOfOverruling[overruling]],
    fields: fieldsOf(core, refused, registrationId),
    ours: ours.map(tried),
    theirs: theirs.map(tried),
    serialBefore: device.serial!,
    isEnrolled: isEnrolledOrWillBe(core, device),
    keepsId: registrationId === device.registration_id,
    namesTaken: registrationId === undefined,
  };
}

function freeRegistrationId(core: StationCore, refused: RefusedAttempt): string | undefined {
  try {
    return freeNames(core, refused).registrationId;
  } catch (error) {
    if (error instanceof StationError && error.code === 'names-taken') return undefined;
    throw error;
  }
}

function fieldsOf(
  core: StationCore,
  { row, serial, device, evidence }: RefusedAttempt,
  registrationId: string | undefined,
): ComparedField[] {
  const made = core.ledger.harvests.get(device.harvest_id);
  const newest = core.ledger.outbox.ofDevice(device.device_id).at(-1);
  const compared = (name: string, ours: string | null, theirs: string | null) => ({
    name,
    ours,
    theirs,
    differs: ours !== theirs,
  });
  const told = (name: string, ours: string | null, theirs: string | null) => ({
    name,
    ours,
    theirs,
    differs: false,
  });
  return [
    compared('endorsementKey', shortDigest(device.ek_sha256), shortDigest(evidence.key.ekSha256)),
    compared('serial', device.serial, serial),
    compared('tpm', tpmOf(made), tpmOf(row)),
    compared('registrationId', device.registration_id, registrationId ?? null),
    told('workOrder', device.work_order, row.work_order),
    told('certificate', device.certificate_status, evidence.certificate?.status ?? null),
    told('enrollment', newest ? `${newest.operation} ${newest.state}` : null, null),
  ].filter(({ ours, theirs }) => ours !== null || theirs !== null);
}

function tpmOf(row: HarvestRow | undefined): string | null {
  const { tpm } = row ? (JSON.parse(row.evidence) as { tpm?: Tpm }) : {};
  return tpm ? `${tpmName(tpm)} · ${tpm.firmware}` : null;
}
type Tpm = Parameters<typeof tpmName>[0];

function tried(row: HarvestRow): TriedBefore {
  return {
    harvestId: row.harvest_id,
    at: row.at,
    serial: row.serial,
    verdict: row.verdict,
    code: row.code,
    origin: row.origin,
    fixture: row.fixture,
    workOrder: row.work_order,
    key: row.ek_sha256 === null ? null : shortDigest(row.ek_sha256),
  };
}
