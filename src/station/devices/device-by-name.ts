/** The one device in force that a person means by a device id, a registration id or a serial. */
import type { DeviceRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { quoteText } from '../quote-text.ts';

/** @throws StationError `device-unknown`, `device-retired` or `device-ambiguous`, which lists the devices */
export function deviceByName(core: StationCore, name: string): DeviceRow {
  const inForce = namedDevices(core, name).filter(({ retired_at }) => retired_at === null);
  const [only, ...others] = inForce;
  if (only && others.length === 0) return only;
  if (only)
    throw new StationError(
      'device-ambiguous',
      `${quoteText(name, 128)} is ${inForce.map(row => `${row.device_id} (serial ${row.serial ?? '-'}, product ${row.product})`).join(', ')}`,
    );
  const retired = namedDevices(core, name)[0];
  if (retired)
    throw new StationError('device-retired', `${retired.device_id} left service: ${retired.retired_reason}`);
  throw new StationError('device-unknown', `there is no device ${quoteText(name, 128)}`);
}

/** The one in force, else the one that left service. @throws StationError `device-unknown`, `device-ambiguous` */
export function deviceOrRetired(core: StationCore, name: string): DeviceRow {
  const found = namedDevices(core, name);
  const [first] = found;
  return first && found.length === 1 ? first : deviceByName(core, name);
}

/** Those in force first, then retired ones, newest first. */
export function namedDevices({ ledger }: StationCore, name: string): DeviceRow[] {
  const { devices } = ledger;
  const text = name.trim();
  const found = [
    devices.get(text),
    devices.byRegistrationId(text.toLowerCase()),
    ...devices.ofSerial(text),
    ...devices.retiredByRegistrationId(text.toLowerCase()),
    ...devices.retiredOfSerial(text),
  ].filter(row => row !== undefined);
  return [...new Map(found.map(row => [row.device_id, row])).values()];
}
