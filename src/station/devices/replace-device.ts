/**
 * A board swap named by its serial (rule H6): the serial stays, and the newest harvest that was refused for it, or the one
 * that is named, counts. `overruling/` does it.
 */
import type { DeviceRow, HarvestRow } from '../../../db/rows.ts';
import { type Act, allowed } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { type OverruledAttempt, overruleAttempt } from '../overruling/overrule-attempt.ts';
import { actOfOverruling, overrulingOf } from '../overruling/overruling.ts';
import { unfit } from '../overruling/refused-attempt.ts';
import { deviceByName } from './device-by-name.ts';

export interface ReplaceRequest {
  /** Device id, registration id or serial of the device that is there. */
  readonly device: string;
  /** The refused harvest of the new board; absent: the newest one of this serial. */
  readonly harvestId?: string | undefined;
}

/**
 * A supervisor's act.
 * @throws StationError as `overruleAttempt` and `deviceByName` do
 */
export function replaceDevice(core: StationCore, request: ReplaceRequest, act: Act): OverruledAttempt {
  allowed(core, actOfOverruling.accept, act);
  const device = deviceByName(core, request.device);
  const { device_id: deviceId, serial, product } = device;
  const harvestId = request.harvestId ?? refusedForOtherKey(core, device)?.harvest_id;
  if (harvestId === undefined) throw unfit('no harvest of this serial was refused because of another key');
  const named = core.ledger.harvests.get(harvestId);
  if (named && (named.serial !== serial || named.product !== product))
    throw unfit(`it is of ${named.serial ?? 'no serial'} (product ${named.product})`);
  return overruleAttempt(core, { harvestId, overruling: 'accept', deviceId }, act);
}

/** The newest harvest of the device's serial that was refused because another key was there. */
export function refusedForOtherKey(
  { ledger }: StationCore,
  { serial, product }: DeviceRow,
): HarvestRow | undefined {
  if (serial === null) return undefined;
  return ledger.harvests
    .ofSerial(serial)
    .find(row => row.product === product && row.verdict === 'refused' && overrulingOf(row.code) === 'accept');
}
