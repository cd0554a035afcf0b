/**
 * Why a device that a courier brings is not taken: the rules of this ledger hold for it as for a device of its own (rule H6),
 * and what left service here since the bundle was made is not made again.
 */
import type { DeviceRow } from '../../../db/rows.ts';
import type { ReadBundleEntry } from '../../courier/bundle-entry.ts';
import { type BundleManifest, stationOf } from '../../courier/manifest.ts';
import type { decideDuplicate } from '../attempt/decide-duplicate.ts';
import type { Judged } from '../attempt/judge-attempt.ts';
import { isGolden } from '../golden/golden-unit.ts';
import type { StationCore } from '../open-core.ts';

/** A `madeAt` that lies further ahead than this says that a clock is wrong. */
export const TOLERATED_AHEAD_MS = 5 * 60_000;

export type Refusal = readonly [code: Judged['code'], detail: string];

/** Call inside a transaction. @param decision what the ledger says of its key and serial @returns undefined: nothing is against it */
export function refusalOf(
  core: StationCore,
  entry: ReadBundleEntry,
  manifest: BundleManifest,
  decision: ReturnType<typeof decideDuplicate>,
): Refusal | undefined {
  const { devices } = core.ledger;
  const { ekSha256, serial } = entry;
  if (isGolden(core, serial, ekSha256))
    return ['golden-unit', 'a reference unit is never recorded as a device'];
  if (decision.kind === 'refused') {
    const { other } = decision;
    return [
      decision.code,
      `the ledger has ${other.serial ?? 'a device without a serial'} (product ${other.product})`,
    ];
  }
  const gone = devices.lastRetiredByEkSha256(ekSha256);
  if (gone && wasDeletedSince(core, gone, entry, manifest))
    return [
      'deleted-since',
      `it left service here on ${new Date(gone.retired_at!).toISOString()}: ${gone.retired_reason}`,
    ];
  if (devices.byRegistrationId(entry.document.registrationId))
    return ['registration-id-taken', entry.document.registrationId];
  return undefined;
}

/**
 * By its clock or, where one of the clocks is wrong, by the harvest: it is the one of the device that was deleted. Where the
 * station that packed it had its own device deleted, it knows better, and brings another harvest.
 */
function wasDeletedSince(
  { ledger, clock }: StationCore,
  gone: DeviceRow,
  { harvestId }: ReadBundleEntry,
  { origin, madeAt }: BundleManifest,
): boolean {
  if (gone.harvest_id === harvestId) return true;
  const deletion = ledger.outbox.ofDevice(gone.device_id).findLast(({ operation }) => operation === 'delete');
  const byItself = deletion && ledger.courierTaken.stationOfLocal(deletion.entry_id) === stationOf(origin);
  const made = Date.parse(madeAt);
  // Of a bundle that comes from the future nobody can say what was before it.
  return !byItself && (gone.retired_at! >= made || made > clock.read().at + TOLERATED_AHEAD_MS);
}
