/** A station with a lot that is closed and settled, between devices of other orders, and a folder to archive it to. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import type { StationCore } from '../../../src/station/open-core.ts';
import { moveEntry } from '../../../src/station/queue/move-entry.ts';
import { closeWorkOrder, openWorkOrder } from '../../../src/station/work-orders.ts';
import { mina } from '../access/people-fixture.ts';
import { coreForTest, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

export const lot = 'WO-LOT';
const nobody = { proof: 'account', account: 'kiosk' } as const;

export interface LotStation extends TestCore {
  readonly who: Actor;
  /** Not in the data directory. */
  readonly out: string;
}

/** @param devices of the lot; each second one of another order stands between them */
export async function stationWithLot(devices: number): Promise<LotStation> {
  const folder = temporaryFolder();
  const core = coreForTest({ folder: path.join(folder, 'station') });
  const out = path.join(folder, 'out');
  mkdirSync(out);
  const who = await mina(core);
  makeLot(core, lot, 1, devices);
  return { ...core, folder, who, out };
}

/** Opens an order, records and enrols its devices by the numbers of their keys, and closes it. */
export function makeLot(core: StationCore, id: string, from: number, devices: number): void {
  if (core.ledger.workOrders.get(id) === undefined) openWorkOrder(core, { id, quantity: 9_999 }, nobody);
  for (let key = from; key < from + devices; key += 1) {
    recordAttempt(core, readAttempt(key, `SN-${key}`, { workOrder: id }));
    if (key % 2 === 0)
      recordAttempt(core, readAttempt(`other-${key}`, `OTHER-${key}`, { workOrder: 'WO-OTHER' }));
  }
  settle(core, id);
  closeWorkOrder(core, id, nobody);
}

/** DPS acknowledged everything of an order. */
export function settle(core: StationCore, id: string): void {
  const { ledger } = core;
  for (const row of ledger.outbox.due(100_000, Number.MAX_SAFE_INTEGER)) {
    if (ledger.devices.get(row.device_id)?.work_order !== id) continue;
    ledger.transaction(() => {
      moveEntry(core, row, { event: 'take', at: 1 });
      const taken = ledger.outbox.get(row.entry_id)!;
      moveEntry(core, taken, { event: 'enrol', how: 'acknowledged', dpsHost: 'localhost' });
    });
  }
}
