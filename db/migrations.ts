/**
 * Numbered steps from an empty file to today's schema. Each runs in one transaction together with `user_version`, so a
 * power cut leaves a ledger before or after a step, never inside one. A step is never edited once released.
 */
import type Database from 'better-sqlite3';
import { LedgerError } from './errors.ts';
import { firstLedger } from './migrations/0001-first-ledger.ts';
import { certificateDebt } from './migrations/0002-certificate-debt.ts';
import { enrollmentOperations } from './migrations/0003-enrollment-operations.ts';
import { people } from './migrations/0004-people.ts';
import { deviceSearch } from './migrations/0005-device-search.ts';
import { drainPause } from './migrations/0006-drain-pause.ts';
import { workOrders } from './migrations/0007-work-orders.ts';
import { auditTree } from './migrations/0008-audit-tree.ts';
import { goldenChecks } from './migrations/0009-golden-checks.ts';
import { courier } from './migrations/0010-courier.ts';
import { courierEvidence } from './migrations/0011-courier-evidence.ts';
import { archives } from './migrations/0012-archives.ts';
import { certificateDetail } from './migrations/0013-certificate-detail.ts';
import { signedArchives } from './migrations/0014-signed-archives.ts';

/** SQL of step n at place n - 1. */
const steps: readonly string[] = [
  firstLedger,
  certificateDebt,
  enrollmentOperations,
  people,
  deviceSearch,
  drainPause,
  workOrders,
  auditTree,
  goldenChecks,
  courier,
  courierEvidence,
  archives,
  certificateDetail,
  signedArchives,
];

export const schemaVersion = steps.length;

export function schemaVersionOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

export function refuseNewerSchema(version: number): void {
  if (version > schemaVersion)
    throw new LedgerError('newer-schema', `schema ${version}, this Keyline knows up to ${schemaVersion}`);
}

/** Brings the schema up to `target`. */
export function migrate(db: Database.Database, target: number = schemaVersion): void {
  refuseNewerSchema(schemaVersionOf(db));
  const oneStep = db.transaction((version: number) => {
    // Another process may have done this step while we waited for the lock.
    if (schemaVersionOf(db) >= version) return;
    db.exec(steps[version - 1]!);
    db.pragma(`user_version = ${version}`);
  });
  for (let version = schemaVersionOf(db) + 1; version <= target; version++) oneStep.immediate(version);
}
