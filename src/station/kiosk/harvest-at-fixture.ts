/** One harvest at a fixture of the kiosk, with what the fixture and the station are set to at its start. */
import { deadlinesOf } from '../attempt/fixture-deadlines.ts';
import { type HarvestResult, harvestDevice } from '../attempt/harvest-device.ts';
import type { GivenPassword } from '../attempt/hierarchy-password.ts';
import type { StationCore } from '../open-core.ts';
import type { FixtureRun } from './fixture-board.ts';
import { KIOSK_ACCOUNT } from './kiosk-account.ts';

export function harvestAtFixture(
  core: StationCore,
  run: FixtureRun,
  hierarchyPassword: GivenPassword | undefined,
): Promise<HarvestResult> {
  const fixture = core.configuration.fixtures.find(({ id }) => id === run.fixture)!;
  // The order of this moment: another one that is chosen meanwhile gets what starts after it.
  const order = core.ledger.workOrders.current();
  return harvestDevice(core, {
    bridge: fixture.bridge,
    serial: run.serial,
    serialFrom: run.serialFrom,
    ...(order && { workOrder: order.work_order, product: order.product }),
    fixture: fixture.id,
    account: KIOSK_ACCOUNT,
    personId: run.personId,
    deadlines: deadlinesOf(fixture),
    onStep: run.onStep,
    signal: run.signal,
    hierarchyPassword,
  });
}
