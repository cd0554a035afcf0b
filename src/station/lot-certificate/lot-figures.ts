/**
 * The figures of a lot, from its devices in force, the attempts under its work order, and the devices that left service.
 * What is kept while reading grows with the units that failed and with the time the lot took, not with its size.
 */
import { setImmediate } from 'node:timers/promises';
import type { LotDeviceRow } from '../../../db/device-list.ts';
import type { LotBucket, LotException, LotFacts } from '../../audit/certificate/lot-facts.ts';
import { AuditError } from '../../audit/errors.ts';
import type { StationCore } from '../open-core.ts';

const bucketMs = 15 * 60_000;
const mostBars = 64;

/** A unit that failed at its first attempt. */
interface Failing {
  readonly serial: string;
  readonly product: string;
  code: string;
  at: number;
  passed: boolean;
}

type Counted = Pick<
  LotFacts,
  | 'products'
  | 'harvested'
  | 'imported'
  | 'enrolled'
  | 'notEnrolled'
  | 'certificateDebt'
  | 'certificateRevoked'
  | 'retired'
  | 'attempts'
  | 'passedAtFirst'
  | 'passedLater'
  | 'neverPassed'
  | 'from'
  | 'to'
  | 'buckets'
>;

export interface LotFigures {
  readonly counted: Counted;
  /** To be read once; the ledger is read again meanwhile. */
  exceptions(): Generator<LotException>;
}

/** A create or a change that DPS acknowledged: a deletion is none, and an update of a disabled device leaves it disabled. */
const isEnrolled = ({ enrollment, operation, disabled }: LotDeviceRow): boolean =>
  enrollment === 'enrolled' && operation !== 'delete' && disabled === 0;

const stateOf = ({ enrollment, operation, disabled }: LotDeviceRow): string => {
  if (enrollment !== 'enrolled') return enrollment ?? 'none';
  return disabled === 1 && operation !== 'delete' ? 'disable' : (operation ?? 'enrolled');
};

export async function lotFigures(
  core: StationCore,
  workOrder: string,
  signal?: AbortSignal,
): Promise<LotFigures> {
  const { ledger } = core;
  const giveWay = async () => {
    if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while counting');
    await setImmediate();
  };
  const devices = await countDevices(core, workOrder, giveWay);
  const tried = await countAttempts(core, workOrder, giveWay);
  const neverPassed = [...tried.failing.values()].filter(
    ({ passed, serial, product }) => !passed && !ledger.devices.bySerial(serial, product),
  );
  let retired = 0;
  for (const _ of ledger.lotHistory.retired(workOrder)) retired += 1;
  return {
    counted: {
      ...devices,
      retired,
      attempts: tried.attempts,
      passedAtFirst: tried.passedAtFirst,
      passedLater: tried.passedLater,
      neverPassed: neverPassed.length,
      buckets: barsOf(tried.buckets),
    },
    *exceptions() {
      for (const { serial, code, at } of neverPassed) yield { kind: 'never-passed', serial, why: code, at };
      for (const row of ledger.lotHistory.retired(workOrder))
        yield {
          kind: 'retired',
          serial: row.serial,
          registrationId: row.registration_id,
          why: row.retired_reason,
          at: row.retired_at,
        };
      for (const row of ledger.deviceLists.lot(workOrder))
        if (!isEnrolled(row))
          yield {
            kind: 'not-enrolled',
            serial: row.serial,
            registrationId: row.registration_id,
            why: row.reason === null ? stateOf(row) : `${stateOf(row)}: ${row.reason}`,
            at: row.created_at,
          };
      for (const row of ledger.deviceLists.lot(workOrder))
        if (row.certificate_status === 'revoked')
          yield {
            kind: 'certificate-revoked',
            serial: row.serial,
            registrationId: row.registration_id,
            why: row.certificate_detail ?? row.certificate_status,
            at: row.created_at,
          };
    },
  };
}

async function countDevices({ ledger }: StationCore, workOrder: string, giveWay: () => Promise<void>) {
  const products = new Set<string>();
  const notEnrolled: Record<string, number> = {};
  let [harvested, imported, enrolled, certificateDebt, certificateRevoked, seen] = [0, 0, 0, 0, 0, 0];
  let [from, to]: (number | undefined)[] = [];
  for (const row of ledger.deviceLists.lot(workOrder)) {
    products.add(row.product);
    if (row.origin === 'imported') imported += 1;
    else harvested += 1;
    certificateDebt += row.certificate_debt;
    if (row.certificate_status === 'revoked') certificateRevoked += 1;
    if (isEnrolled(row)) enrolled += 1;
    else notEnrolled[stateOf(row)] = (notEnrolled[stateOf(row)] ?? 0) + 1;
    from = Math.min(from ?? row.created_at, row.created_at);
    to = Math.max(to ?? row.created_at, row.created_at);
    seen += 1;
    if (seen % 512 === 0) await giveWay();
  }
  return {
    products: [...products].sort(),
    harvested,
    imported,
    enrolled,
    notEnrolled,
    certificateDebt,
    certificateRevoked,
    from,
    to,
  };
}

async function countAttempts({ ledger }: StationCore, workOrder: string, giveWay: () => Promise<void>) {
  const failing = new Map<string, Failing>();
  const buckets = new Map<number, { attempts: number; passed: number }>();
  let [attempts, passedAtFirst, passedLater] = [0, 0, 0];
  for (const slice of ledger.lotHistory.attempts(workOrder)) {
    for (const { at, serial, product, verdict, code } of slice) {
      // A retest is of a device that passed before: it tells nothing of how the lot went.
      if (verdict === 'retest') continue;
      attempts += 1;
      const bucket = Math.floor(at / bucketMs);
      const span = buckets.get(bucket) ?? { attempts: 0, passed: 0 };
      span.attempts += 1;
      if (verdict === 'passed') span.passed += 1;
      buckets.set(bucket, span);
      const name = `${product}\n${serial ?? ''}`;
      const before = failing.get(name);
      if (verdict === 'passed' && before) {
        if (!before.passed) passedLater += 1;
        before.passed = true;
      } else if (verdict === 'passed') passedAtFirst += 1;
      else if (serial !== null) {
        const unit = before ?? { serial, product, code, at, passed: false };
        failing.set(name, Object.assign(unit, { code, at }));
      }
    }
    await giveWay();
  }
  return { failing, buckets, attempts, passedAtFirst, passedLater };
}

/** Spans without a gap between first and last, so wide that they are not too many to be seen. */
function barsOf(
  buckets: ReadonlyMap<number, { readonly attempts: number; readonly passed: number }>,
): LotBucket[] {
  if (buckets.size === 0) return [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const bucket of buckets.keys()) [first, last] = [Math.min(first, bucket), Math.max(last, bucket)];
  const wide = Math.ceil((last - first + 1) / mostBars);
  const bars = Array.from({ length: Math.ceil((last - first + 1) / wide) }, (_, at) => ({
    from: (first + at * wide) * bucketMs,
    attempts: 0,
    passed: 0,
  }));
  for (const [bucket, { attempts, passed }] of buckets) {
    const bar = bars[Math.floor((bucket - first) / wide)]!;
    bar.attempts += attempts;
    bar.passed += passed;
  }
  return bars;
}
