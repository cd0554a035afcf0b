/** What the pace is measured against: the order's target, where the station works on one, else its product's. */
import type { StationView } from '../../src/api/contract.ts';

/** Units an hour. */
export function targetOf({ station, workOrder }: StationView): number | undefined {
  return workOrder ? (workOrder.targetPerHour ?? undefined) : station.targetPerHour;
}

/** What is made here now. */
export function productOf({ station, workOrder }: StationView): string {
  return workOrder?.product ?? station.product;
}
