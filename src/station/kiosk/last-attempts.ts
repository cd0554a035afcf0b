/** The newest attempts at this station's fixtures, as somebody looks back at them. */

import type { VerdictCode } from '../attempt/verdict.ts';
import type { StationCore } from '../open-core.ts';

export interface LastAttempt {
  readonly harvestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  /** Absent where the command line named none. */
  readonly fixture: string | null;
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly durationMs: number;
}

/** Newest first. */
export function lastAttempts({ ledger }: StationCore, limit: number): LastAttempt[] {
  return ledger.harvests.newest(limit).map(row => ({
    harvestId: row.harvest_id,
    at: row.at,
    serial: row.serial,
    product: row.product,
    workOrder: row.work_order,
    fixture: row.fixture,
    verdict: row.verdict,
    code: row.code as VerdictCode,
    durationMs: row.duration_ms,
  }));
}
