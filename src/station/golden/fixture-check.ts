/** Whether a fixture was checked with a reference unit in this shift, and what follows from it. */
import type { StationCore } from '../open-core.ts';
import type { GoldenCheckView } from '../views.ts';

/** Undefined where the station has no reference units. */
export function fixtureCheck(core: StationCore, fixture: string): GoldenCheckView | undefined {
  const settings = core.configuration.station.goldenCheck;
  if (!settings) return undefined;
  const { required } = settings;
  const newest = core.ledger.goldenChecks.newestAt(fixture);
  if (!newest) return { state: 'due', required };
  if (newest.verdict === 'failed') return { state: 'failed', required, at: newest.at };
  const until = newest.at + settings.everyHours * 3_600_000;
  const { at: now } = core.clock.read();
  // A check from the future was made while the clock ran ahead, and holds for nothing.
  const holds = now < until && newest.at <= now;
  return holds
    ? { state: 'checked', required, at: newest.at, until }
    : { state: 'due', required, at: newest.at };
}

/** Whether this serial may be tested at this fixture now: a reference unit always may. */
export function mayTest(core: StationCore, fixture: string, serial: string): boolean {
  const settings = core.configuration.station.goldenCheck;
  if (!settings?.required || settings.units.some(unit => unit.serial === serial)) return true;
  return fixtureCheck(core, fixture)?.state === 'checked';
}
