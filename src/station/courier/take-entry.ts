/**
 * One entry of a bundle becomes one of this outbox, once for ever, whatever bundle brings it again. The rules of this
 * ledger hold for it as for a device of its own (rule H6): its key and serial are looked up in the transaction, and what was
 * deleted here since is not made again. The enrollment stays as the other station made it, with its name and its harvest's (rule O2).
 */
import { randomUUID } from 'node:crypto';
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { ReadBundleEntry } from '../../courier/bundle-entry.ts';
import { type BundleManifest, stationOf } from '../../courier/manifest.ts';
import type { EnrollmentDocument } from '../../dps/service.ts';
import { deriveRegistrationId } from '../../enrollment/registration-id.ts';
import type { AllowedAct } from '../act.ts';
import type { Attempt } from '../attempt/attempt.ts';
import { decideDuplicate } from '../attempt/decide-duplicate.ts';
import { knownDevice } from '../attempt/judge-attempt.ts';
import { recordInTransaction } from '../attempt/record-attempt.ts';
import type { StationCore } from '../open-core.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { writeDown } from '../queue/request-entry.ts';
import { refusalOf } from './refuse-device.ts';
import { giveWay, sendAgain } from './take-decision.ts';

/**
 * `taken`: it waits here for DPS; `known`: an earlier bundle brought it; `already-here`: this station has the device by
 * itself; any other code is the rule that refuses it.
 */
export interface TakenHere {
  readonly outcome: 'taken' | 'known' | 'already-here' | 'refused';
  readonly code: string;
  readonly detail: string;
}

interface Became extends TakenHere {
  readonly localEntryId: string | null;
}

/** Call inside a transaction. */
export function takeEntry(
  core: StationCore,
  entry: ReadBundleEntry,
  manifest: BundleManifest,
  account: string,
): TakenHere {
  const { courierTaken } = core.ledger;
  const stationId = stationOf(manifest.origin);
  const known = courierTaken.entry(stationId, entry.entryId);
  if (known) return { outcome: 'known', code: known.code, detail: known.detail };
  const { localEntryId, ...told } = takeNew(core, entry, manifest, account);
  courierTaken.insertEntry({
    station_id: stationId,
    entry_id: entry.entryId,
    harvest_id: entry.harvestId,
    local_entry_id: localEntryId,
    code: told.code,
    detail: told.detail,
  });
  return told;
}

const taken = ({ entry_id: localEntryId }: Pick<OutboxRow, 'entry_id'>): Became => ({
  outcome: 'taken',
  code: 'taken',
  detail: '',
  localEntryId,
});

const refused = (code: string, detail: string): Became => ({
  outcome: 'refused',
  code,
  detail,
  localEntryId: null,
});

const harvestKnown = ({ harvestId }: ReadBundleEntry): Became =>
  refused('harvest-known', `harvest ${harvestId} is on record here`);

function takeCreate(
  core: StationCore,
  entry: ReadBundleEntry,
  manifest: BundleManifest,
  account: string,
): Became {
  const { devices, outbox } = core.ledger;
  const { ekSha256, serial, product } = entry;
  const byKey = devices.byEkSha256(ekSha256);
  const decision = decideDuplicate(
    { serial, product, ekSha256 },
    knownDevice(byKey),
    serial === null ? undefined : knownDevice(devices.bySerial(serial, product)),
  );
  const here =
    decision.kind === 'retest' || decision.kind === 'names-serial' ? outbox.ofDevice(decision.deviceId) : [];
  const create = here.findLast(({ operation }) => operation === 'create');
  const attempt = attemptOf(entry, manifest, account);
  const onRecord = core.ledger.harvests.get(entry.harvestId);
  if (onRecord && onRecord.ek_sha256 !== ekSha256) return harvestKnown(entry);
  const noteHarvest = ({ device_id: deviceId, registration_id: registrationId }: DeviceRow) =>
    onRecord ??
    recordInTransaction(core, attempt, { verdict: 'retest', code: 'retest', deviceId, registrationId });
  const again =
    create && sendAgain(core, create, entry, { stationId: stationOf(manifest.origin), account, noteHarvest });
  if (again) return taken(again);
  if (create)
    return {
      outcome: 'already-here',
      code: 'already-here',
      detail: `this station has the device, entry ${create.entry_id}`,
      localEntryId: create.entry_id,
    };
  const refusal = refusalOf(core, entry, manifest, decision);
  if (refusal) {
    const [code, detail] = refusal;
    // Evidence of the refusal (rule H4), by an id of its own: the harvest may come again when people have decided.
    recordInTransaction(core, { ...attempt, harvestId: randomUUID() }, { verdict: 'refused', code, detail });
    return refused(code, detail);
  }
  if (onRecord) return harvestKnown(entry);
  const recorded = recordInTransaction(core, attempt, {
    verdict: 'passed',
    code: 'passed',
    registrationId: entry.document.registrationId,
    makesDevice: true,
    carried: {
      // Read whole: a create names its key, its id and its status.
      document: entry.document as unknown as EnrollmentDocument,
      ...(entry.because === undefined ? {} : { because: entry.because }),
      ...afterOf(core, entry, stationOf(manifest.origin)),
    },
  });
  return taken({ entry_id: recorded.enrollment!.entryId });
}

function attemptOf(entry: ReadBundleEntry, manifest: BundleManifest, account: string): Attempt {
  const { endorsementKey } = entry.document.attestation.tpm;
  return {
    harvestId: entry.harvestId,
    serial: entry.serial,
    // Its certificate is the harvesting station's matter, and its debt, too.
    product: { name: entry.product, certificate: 'off' },
    workOrder: entry.workOrder,
    fixture: null,
    bridge: null,
    account,
    statedOperator: null,
    durationMs: 0,
    finding: {
      outcome: 'imported',
      key: {
        endorsementKey,
        ekSha256: entry.ekSha256,
        registrationId: deriveRegistrationId(Buffer.from(endorsementKey, 'base64')),
        ekTemplate: entry.ekTemplate,
      },
      statedRegistrationId: null,
      source: { log: manifest.origin, logSealed: true, courierBundle: manifest.bundleId },
      warnings: [],
    },
  };
}

/** An update, switch or delete: only of a device that the same station brought here. */
function takeChange(core: StationCore, entry: ReadBundleEntry, stationId: string, account: string): Became {
  const { devices, courierTaken } = core.ledger;
  const device = devices.byRegistrationId(entry.document.registrationId);
  if (device?.ek_sha256 !== entry.ekSha256)
    return refused('device-unknown', 'no device in service has this registration id and key here');
  if (courierTaken.stationOfHarvest(device.harvest_id) !== stationId)
    return refused('device-of-another', 'the device did not come here from this station');
  const local = queueEntry(core, {
    device,
    operation: entry.operation,
    document: entry.document,
    ...(entry.because === undefined ? {} : { because: entry.because }),
    ...(entry.overEtag === undefined ? {} : { overEtag: entry.overEtag }),
    ...afterOf(core, entry, stationId),
  });
  const by: AllowedAct = { account, reason: entry.because ?? 'courier' };
  writeDown(core, local, by, { change: 'requested' });
  giveWay(core, local, entry, stationId, by);
  if (entry.operation === 'delete') leave(core, device, by, local);
  return taken(local);
}

function leave(
  core: StationCore,
  device: DeviceRow,
  by: AllowedAct,
  entry: Parameters<typeof writeDown>[1],
): void {
  core.ledger.devices.retire(device.device_id, core.clock.read().at, by.reason);
  writeDown(core, entry, by, { change: 'retired', retired: by.reason });
}

function takeNew(
  core: StationCore,
  entry: ReadBundleEntry,
  manifest: BundleManifest,
  account: string,
): Became {
  const stationId = stationOf(manifest.origin);
  const awaited = entry.waitsFor && core.ledger.courierTaken.entry(stationId, entry.waitsFor);
  // A create whose delete was refused would stand beside what it was to follow (rules H6, O2).
  if (awaited && awaited.local_entry_id === null)
    return refused('waits-for-refused', `the entry that it waits for was refused: ${awaited.code}`);
  return entry.operation === 'create'
    ? takeCreate(core, entry, manifest, account)
    : takeChange(core, entry, stationId, account);
}

/** The entry here that stands for the one that it waits for there, where that one still has to be settled. */
function afterOf(
  { ledger }: StationCore,
  { waitsFor }: ReadBundleEntry,
  stationId: string,
): { readonly after?: string } {
  const local =
    waitsFor === undefined ? null : ledger.courierTaken.entry(stationId, waitsFor)?.local_entry_id;
  const state = local ? ledger.outbox.get(local)?.state : undefined;
  return local && state !== 'enrolled' && state !== 'cancelled' ? { after: local } : {};
}
