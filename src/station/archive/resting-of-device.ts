/** The entries of a device that rest in archives, out of the files that were given. */
import type { Ledger } from '../../../db/ledger.ts';
import type { DeviceRow } from '../../../db/rows.ts';
import { ArchiveReader } from './archive-reader.ts';
import { archivesNeeded } from './archives-needed.ts';
import type { GivenArchives } from './resting-bytes.ts';

/** More attempts than any key ever had. */
const MOST_ATTEMPTS = 100_000;

/**
 * Entries of a log that hold the device's key digest or registration id somewhere; the caller looks closer. By index.
 * @throws StationError `entries-archived` where an archive that may have some was not given
 */
export function restingOfDevice(
  ledger: Ledger,
  device: DeviceRow,
  logId: string,
  given: GivenArchives,
): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  const texts = [device.registration_id, device.ek_sha256];
  for (const { sha256 } of archivesNeeded(ledger, logId, given, ordersOf(ledger, device))) {
    const reader = new ArchiveReader(given.get(sha256)!);
    try {
      for (let shown = reader.next(); shown; shown = reader.next()) {
        const { index, bytes } = shown;
        if (texts.some(text => bytes.includes(text))) found.set(index, Buffer.from(bytes));
      }
    } finally {
      reader.close();
    }
  }
  return found;
}

/**
 * After the log was looked through: what was archived meanwhile may have been passed over.
 * @throws StationError `entries-archived`
 */
export function refuseArchivedSince(
  ledger: Ledger,
  device: DeviceRow,
  logId: string,
  given: GivenArchives,
): void {
  archivesNeeded(ledger, logId, given, ordersOf(ledger, device));
}

/** Whatever the log says of a device, it says under one of these orders. */
function ordersOf({ devices, harvests }: Ledger, device: DeviceRow): Set<string> {
  const { registration_id, ek_sha256, serial } = device;
  const rows = [
    device,
    ...[devices.byRegistrationId(registration_id) ?? []].flat(),
    ...devices.retiredByRegistrationId(registration_id),
    ...harvests.ofEk(ek_sha256, MOST_ATTEMPTS),
    ...(serial === null ? [] : harvests.ofSerial(serial, MOST_ATTEMPTS)),
  ];
  return new Set(rows.flatMap(row => row.work_order ?? []));
}
