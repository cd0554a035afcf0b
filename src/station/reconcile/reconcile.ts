/**
 * `sync --reconcile`: compares all that DPS holds with what this ledger says, and proposes. It changes nothing in DPS and,
 * but for the audit entry at its end, nothing in the ledger; what it is told to put right goes through the outbox. One at a
 * time on a ledger; a drain may run beside it.
 */
import { ReconciliationNotes } from '../../../db/reconciliation-notes.ts';
import { DpsError, type DpsErrorCode } from '../../dps/errors.ts';
import { systemTiming, type Timing } from '../../outbox/timing.ts';
import { accessOrThrow, withDps } from '../dps/dps-connection.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { type ApplyRequest, applyFindings, refuseForbidden } from './apply-findings.ts';
import type { ApplicableKind, FindingKind, ToldFinding } from './findings.ts';
import { type ReconciliationCounts, ReconciliationTally } from './tally.ts';
import { Walk } from './walk.ts';

export interface ReconcileRequest {
  /** Who asks, as the audit knows accounts. */
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
  readonly onFinding?: ((finding: ToldFinding) => void) | undefined;
  readonly onProgress?: ((counts: Readonly<ReconciliationCounts>) => void) | undefined;
  /** What is put right afterwards, where both sides were gone through to the end. */
  readonly apply?: ApplyRequest | undefined;
  readonly timing?: Timing;
}

export interface ReconciliationReport extends Readonly<ReconciliationCounts> {
  readonly dpsHost: string;
  /** Both sides were gone through to the end. Without it nothing can be said of what was not reached. */
  readonly complete: boolean;
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>;
  /** Enrollments by the other station that they name; its name is untrusted text. */
  readonly stations: Readonly<Record<string, number>>;
  /** Entries that were queued to put it right, where that was asked for. */
  readonly applied?: Readonly<Partial<Record<ApplicableKind, number>>>;
  /** Why it is not complete. */
  readonly stopped?: { readonly code: DpsErrorCode | 'cancelled'; readonly hint: string };
}

/** From the call to the last byte: a page is a longer answer than any other. */
const deadlineMs = 60_000;

/**
 * @throws StationError `dps-not-configured`, `reconciliation-elsewhere`; LedgerError; faults of DPS are in the report
 */
export async function reconcile(core: StationCore, request: ReconcileRequest): Promise<ReconciliationReport> {
  const access = accessOrThrow(core);
  if (request.apply) refuseForbidden(core, request.apply);
  const notes = ReconciliationNotes.open(core.directory.path);
  if (!notes)
    throw new StationError('reconciliation-elsewhere', 'the lock of another reconciliation is held');
  const signal = request.signal ?? new AbortController().signal;
  const tally = new ReconciliationTally();
  try {
    const stopped = await withDps(core, access, deadlineMs, async service => {
      // Reads alone are under way: nothing is lost by cutting them.
      const cut = () => service.close();
      signal.addEventListener('abort', cut, { once: true });
      try {
        await new Walk({
          core,
          target: access.target,
          service,
          notes,
          tally,
          timing: request.timing ?? systemTiming,
          signal,
          onFinding: finding => {
            notes.add(finding.kind, JSON.stringify(finding));
            request.onFinding?.(finding);
          },
          onProgress: () => request.onProgress?.(tally.counts),
        }).run();
        return undefined;
      } catch (error) {
        return reasonOf(error, signal);
      } finally {
        signal.removeEventListener('abort', cut);
      }
    });
    const report = {
      dpsHost: access.target.host,
      complete: stopped === undefined,
      ...tally.counts,
      findings: tally.findings,
      stations: tally.stations,
    };
    if (stopped) return { ...report, stopped };
    writeDown(core, report, request.account);
    if (!request.apply) return report;
    return { ...report, applied: applyFindings(core, access.target, notes, request.apply) };
  } finally {
    notes.close();
  }
}

function reasonOf(error: unknown, signal: AbortSignal): NonNullable<ReconciliationReport['stopped']> {
  if (signal.aborted)
    return { code: 'cancelled', hint: 'It was ended before the end. Nothing was changed; begin it again.' };
  if (error instanceof DpsError) return { code: error.code, hint: error.hint };
  throw error;
}

function writeDown(core: StationCore, report: ReconciliationReport, account: string): void {
  const { dpsHost, enrollments, devices, findings: found } = report;
  const idScope = core.dpsTarget?.idScope;
  core.ledger.transaction(() => {
    core.audit.append(core.identity, personOf(core.ledger, account, core.clock.read().at), {
      type: 'reconciliation',
      data: { dpsHost, ...(idScope ? { idScope } : {}), enrollments, devices, found },
    });
  });
}
