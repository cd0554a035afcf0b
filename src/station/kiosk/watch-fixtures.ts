/** The hands-free fixtures of a kiosk: what comes into them is started, or asked for its serial first (rule H10). */
import { checkSerial } from '../../enrollment/serial.ts';
import { isWatchable } from '../../tcti/presence.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import { askDeviceSerial } from '../attempt/device-serial.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';
import { mayTest } from '../golden/fixture-check.ts';
import type { StationCore } from '../open-core.ts';
import type { FixtureView } from '../views.ts';
import { productAtWork } from '../work-orders.ts';
import type { FixtureBoard } from './fixture-board.ts';
import { HandsFree } from './hands-free.ts';

export interface WatchOptions {
  /** Milliseconds between two looks at one bridge, for tests. */
  readonly lookEveryMs?: number | undefined;
  readonly onFault: (error: unknown) => void;
}

/** Undefined where no fixture is meant to start by itself. */
export function watchFixtures(
  core: StationCore,
  board: FixtureBoard,
  { lookEveryMs, onFault }: WatchOptions,
): HandsFree | undefined {
  const configured = new Map(core.configuration.fixtures.map(fixture => [fixture.id, fixture]));
  const fixtures = core.configuration.fixtures.flatMap(({ id, bridge, handsFree }) => {
    const conf = parseTctiConf(bridge);
    return handsFree !== undefined && isWatchable(conf) ? [{ id, conf }] : [];
  });
  if (fixtures.length === 0) return undefined;
  return new HandsFree({
    fixtures,
    ...(lookEveryMs === undefined ? {} : { everyMs: lookEveryMs }),
    view: id => board.view(id),
    show: (id, seen) => board.showSeen(id, seen),
    start: id => board.start(id),
    arrived: (id, signal) => takeDeviceSerial(core, board, configured.get(id)!, signal).catch(onFault),
  });
}

/** Where the device gives none, a scan starts the fixture. */
async function takeDeviceSerial(
  core: StationCore,
  board: FixtureBoard,
  fixture: FixtureConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const isFree = () => {
    const view = board.view(fixture.id);
    return view?.state === 'idle' || (view !== undefined && hasPassedAndGone(view));
  };
  if (fixture.handsFree !== 'device-serial' || !isFree()) return;
  const product = productAtWork(core);
  const serial = await askDeviceSerial(core, fixture, product, signal);
  if (serial === undefined || signal.aborted || !isFree()) return;
  const checked = checkSerial(serial, product);
  if (!checked.ok || board.holding(checked.serial) || !mayTest(core, fixture.id, checked.serial)) return;
  board.arm(fixture.id, checked.serial, 'device');
}

/** The unit in a hands-free fixture passed and was taken out: the next serial may go there. */
export function hasPassedAndGone({ state, verdict, handsFree }: FixtureView): boolean {
  const passed = verdict?.verdict === 'passed' || verdict?.verdict === 'retest';
  return state === 'decided' && passed && (handsFree === 'empty' || handsFree === 'arrived');
}
