/**
 * Harvests of a list of devices, several at once, each exactly as one by itself (rules H1 to H10). What passed before is not
 * harvested again, so that a batch that was ended is gone on with by giving the list again. Bridges of one address wait
 * for each other: a TPM takes one run at a time.
 */
import type { BridgeListItem, BridgeRow } from '../../batch/read-bridge-list.ts';
import { checkSerial } from '../../enrollment/serial.ts';
import { inParallel } from '../../outbox/in-parallel.ts';
import { TctiError } from '../../tcti/errors.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { StationError } from '../errors.ts';
import { type FailureKind, kindOfVerdict } from '../failure.ts';
import type { StationCore } from '../open-core.ts';
import { deadlinesOf } from './fixture-deadlines.ts';
import { type HarvestResult, harvestDevice } from './harvest-device.ts';

export { readBridgeList } from '../../batch/read-bridge-list.ts';

export interface BatchHarvestRequest {
  /** Harvests that run at the same time, at most. */
  readonly atOnce: number;
  readonly product?: string | undefined;
  readonly workOrder?: string | undefined;
  readonly statedOperator?: string | undefined;
  readonly account: string;
  readonly signal: AbortSignal;
  /** As they end, not in the order of the list. */
  readonly onRow: (row: BatchHarvestRow) => void;
}

/** `skipped`: it passed before; `bad`: the row says nothing that could be harvested. */
export type BatchHarvestRow =
  | (Pick<HarvestResult, 'code' | 'hint' | 'detail' | 'registrationId' | 'warnings' | 'durationMs'> & {
      readonly row: number;
      readonly verdict: HarvestResult['verdict'];
      readonly kind: FailureKind | 'done';
      readonly serial: string;
      readonly fixture?: string;
    })
  | {
      readonly row: number;
      readonly verdict: 'skipped';
      readonly code: 'passed-before';
      readonly serial: string;
    }
  | {
      readonly row: number;
      readonly verdict: 'bad';
      readonly code: string;
      readonly detail: string;
      readonly serial?: string;
    };

interface Placed {
  readonly row: BridgeRow;
  readonly bridge: string;
  readonly fixture: FixtureConfiguration | undefined;
}

/** Returns when all that was begun has ended; once the signal is given, nothing more is begun. */
export async function harvestBatch(
  core: StationCore,
  items: readonly BridgeListItem[],
  request: BatchHarvestRequest,
): Promise<void> {
  const byBridge = new Map<string, Placed[]>();
  for (const item of items) {
    const placed = placeOf(core, item, request);
    if ('verdict' in placed) request.onRow(placed);
    else byBridge.set(placed.bridge, [...(byBridge.get(placed.bridge) ?? []), placed]);
  }
  await inParallel(request.atOnce, byBridge.values(), async sameBridge => {
    for (const placed of sameBridge) {
      if (request.signal.aborted) return;
      request.onRow(await harvestOne(core, placed, request));
    }
  });
}

function placeOf(
  core: StationCore,
  item: BridgeListItem,
  request: BatchHarvestRequest,
): Placed | BatchHarvestRow {
  const bad = (code: string, detail: string): BatchHarvestRow => ({
    row: item.row,
    verdict: 'bad',
    code,
    detail,
    ...('bad' in item || item.serial === '' ? {} : { serial: item.serial.slice(0, 128) }),
  });
  if ('bad' in item) return bad('row-unreadable', item.bad);
  try {
    const product = productOf(core.configuration, request.product ?? item.product);
    const checked = checkSerial(item.serial, product);
    if (!checked.ok) return bad(checked.code, checked.detail);
    if (passedBefore(core, checked.serial, product.name))
      return { row: item.row, verdict: 'skipped', code: 'passed-before', serial: checked.serial };
    const fixture = core.configuration.fixtures.find(({ id }) => id === item.fixture);
    // With a bridge beside it, the fixture's name is only written down.
    if (item.bridge === undefined && !fixture)
      return bad('fixture-unknown', `keyline.json has no fixture "${item.fixture?.slice(0, 40)}"`);
    // A command is a person's or the configuration's to give, and never that of a list from anywhere.
    if (item.bridge !== undefined && parseTctiConf(item.bridge).name === 'cmd')
      return bad('bridge-not-permitted', 'a list names no cmd: bridges; make it a fixture of keyline.json');
    return { row: item, bridge: item.bridge ?? fixture!.bridge, fixture };
  } catch (error) {
    if (error instanceof StationError || error instanceof TctiError) return bad(error.code, error.message);
    throw error;
  }
}

/** A harvest of this serial passed, and its device is in service still; an import proved nothing. */
function passedBefore({ ledger }: StationCore, serial: string, product: string): boolean {
  const device = ledger.devices.bySerial(serial, product);
  if (!device) return false;
  if (device.origin === 'harvested') return true;
  return ledger.harvests
    .ofEk(device.ek_sha256, 20)
    .some(
      ({ origin, verdict, serial: tested }) =>
        origin === 'harvested' && verdict === 'retest' && tested === serial,
    );
}

async function harvestOne(
  core: StationCore,
  { row, bridge, fixture }: Placed,
  request: BatchHarvestRequest,
): Promise<BatchHarvestRow> {
  try {
    const result = await harvestDevice(core, {
      bridge,
      serial: row.serial,
      fixture: fixture?.id ?? row.fixture?.slice(0, 40),
      deadlines: fixture && deadlinesOf(fixture),
      product: request.product ?? row.product,
      workOrder: request.workOrder ?? row.workOrder,
      statedOperator: request.statedOperator,
      account: request.account,
      signal: request.signal,
    });
    const { verdict, code, hint, detail, registrationId, warnings, durationMs, serial } = result;
    return {
      row: row.row,
      verdict,
      code,
      kind: kindOfVerdict(verdict, code),
      hint,
      ...(detail === undefined ? {} : { detail }),
      ...(registrationId === undefined ? {} : { registrationId }),
      warnings,
      durationMs,
      serial: serial ?? row.serial,
      ...(row.fixture === undefined ? {} : { fixture: row.fixture }),
    };
  } catch (error) {
    if (!(error instanceof StationError || error instanceof TctiError)) throw error;
    return { row: row.row, verdict: 'bad', code: error.code, detail: error.message, serial: row.serial };
  }
}
