/**
 * The figures of a lot, from its devices, in force or not, and the attempts under its work order. The ledger adds up; what is kept
 * here grows with the time that the lot took, not with its size.
 */
import { setImmediate } from 'node:timers/promises';
import type { LotExceptionRow } from '../../../db/lot-devices.ts';
import { spanMs } from '../../../db/lot-history.ts';
import type { LotBucket, LotException, LotFacts } from '../../audit/certificate/lot-facts.ts';
import { AuditError } from '../../audit/errors.ts';
import type { StationCore } from '../open-core.ts';

const mostBars = 64;

type Devices = Pick<
  LotFacts,
  | 'products'
  | 'harvested'
  | 'imported'
  | 'enrolled'
  | 'notEnrolled'
  | 'certificateDebt'
  | 'certificateRevoked'
  | 'retired'
  | 'from'
  | 'to'
>;
type Attempts = Pick<LotFacts, 'attempts' | 'passedAtFirst' | 'passedLater' | 'neverPassed' | 'buckets'>;

export interface LotFigures {
  readonly counted: Devices & Attempts;
  /** To be read once; the ledger is read again meanwhile, where there are any. */
  exceptions(): Generator<LotException>;
}

export async function lotFigures(
  core: StationCore,
  workOrder: string,
  signal?: AbortSignal,
): Promise<LotFigures> {
  const giveWay = async () => {
    if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while counting');
    await setImmediate();
  };
  const counted = {
    ...(await countDevices(core, workOrder, giveWay)),
    ...(await countAttempts(core, workOrder, giveWay)),
  };
  const { lotDevices, lotHistory } = core.ledger;
  return {
    counted,
    *exceptions() {
      if (counted.neverPassed > 0)
        for (const slice of lotHistory.neverPassed(workOrder))
          for (const { serial, code, at } of slice) yield { kind: 'never-passed', serial, why: code, at };
      if (counted.retired > 0) yield* listed('retired', lotDevices.retired(workOrder));
      if (Object.keys(counted.notEnrolled).length > 0)
        yield* listed('not-enrolled', lotDevices.notEnrolled(workOrder));
      if (counted.certificateRevoked > 0) yield* listed('certificate-revoked', lotDevices.revoked(workOrder));
    },
  };
}

function* listed(
  kind: LotException['kind'],
  slices: Iterable<readonly LotExceptionRow[]>,
): Generator<LotException> {
  for (const slice of slices)
    for (const { serial, registration_id, why, at } of slice)
      yield { kind, serial, registrationId: registration_id, why, at };
}

async function countDevices(
  { ledger }: StationCore,
  workOrder: string,
  giveWay: () => Promise<void>,
): Promise<Devices> {
  const products = new Set<string>();
  const notEnrolled: Record<string, number> = {};
  const sums = {
    harvested: 0,
    imported: 0,
    enrolled: 0,
    certificateDebt: 0,
    certificateRevoked: 0,
    retired: 0,
  };
  let [from, to]: (number | undefined)[] = [];
  for (const slice of ledger.lotDevices.groups(workOrder)) {
    for (const { product, origin, retired, unmet, devices, debt, revoked, first, last } of slice) {
      if (retired === 1) {
        sums.retired += devices;
        continue;
      }
      products.add(product);
      sums[origin] += devices;
      sums.certificateDebt += debt;
      sums.certificateRevoked += revoked;
      if (unmet === null) sums.enrolled += devices;
      else notEnrolled[unmet] = (notEnrolled[unmet] ?? 0) + devices;
      from = Math.min(from ?? first, first);
      to = Math.max(to ?? last, last);
    }
    await giveWay();
  }
  return { ...sums, products: [...products].sort(), notEnrolled, from, to };
}

async function countAttempts(
  { ledger }: StationCore,
  workOrder: string,
  giveWay: () => Promise<void>,
): Promise<Attempts> {
  const buckets = new Map<number, { attempts: number; passed: number }>();
  let [attempts, passed] = [0, 0];
  for (const slice of ledger.lotHistory.spans(workOrder)) {
    for (const row of slice) {
      const bucket = buckets.get(row.span) ?? { attempts: 0, passed: 0 };
      bucket.attempts += row.attempts;
      bucket.passed += row.passed;
      buckets.set(row.span, bucket);
      attempts += row.attempts;
      passed += row.passed;
    }
    await giveWay();
  }
  let [passedLater, passesLater, neverPassed] = [0, 0, 0];
  if (passed < attempts)
    for (const slice of ledger.lotHistory.failing(workOrder)) {
      for (const { later, passes, never } of slice) {
        passedLater += later;
        passesLater += passes;
        neverPassed += never;
      }
      await giveWay();
    }
  return {
    attempts,
    passedAtFirst: passed - passesLater,
    passedLater,
    neverPassed,
    buckets: barsOf(buckets),
  };
}

/** Spans without a gap between first and last, so wide that they are not too many to be seen. */
function barsOf(buckets: ReadonlyMap<number, Pick<LotBucket, 'attempts' | 'passed'>>): LotBucket[] {
  if (buckets.size === 0) return [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const bucket of buckets.keys()) [first, last] = [Math.min(first, bucket), Math.max(last, bucket)];
  const wide = Math.ceil((last - first + 1) / mostBars);
  const bars = Array.from({ length: Math.ceil((last - first + 1) / wide) }, (_, at) => ({
    from: (first + at * wide) * spanMs,
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
