/** The station that an enrollment of a harvest names: this one, or where a courier brought the device, the one that harvested it. */
import type { StationCore } from '../open-core.ts';

/** @returns its id */
export const harvestingStation = ({ ledger, identity }: StationCore, harvestId: string): string =>
  ledger.courierTaken.stationOfHarvest(harvestId) ?? identity.stationId;
