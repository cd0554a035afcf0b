/**
 * The one place where an outbox entry changes its state: the table of `src/outbox/states.ts` decides whether it may, and
 * the audit entry is written in the same transaction (rules O1, O2, O4). `take` and `requeue` leave no audit entry:
 * nothing is known or decided by them, and a week without a network would fill the log. A bundle has one for all in it.
 */
import type { OutboxMove } from '../../../db/outbox.ts';
import type { OutboxRow } from '../../../db/rows.ts';
import type { EnrollmentData } from '../../audit/entry-data.ts';
import { nextState } from '../../outbox/states.ts';
import type { ConflictReason, QuarantineReason } from '../../outbox/store.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { enrollmentSubject } from './enrollment-subject.ts';

export type EntryMove =
  | { readonly event: 'take'; readonly at: number }
  /** Into a courier bundle, from which it may reach DPS. */
  | { readonly event: 'pack'; readonly at: number; readonly bundle: string }
  | { readonly event: 'requeue'; readonly notBefore: number; readonly detail: string }
  | {
      readonly event: 'enrol';
      readonly how: string;
      readonly etag?: string | undefined;
      readonly dpsHost: string;
    }
  | { readonly event: 'find-conflict'; readonly reason: ConflictReason; readonly theirs: unknown }
  | { readonly event: 'quarantine'; readonly reason: QuarantineReason; readonly detail: string }
  | { readonly event: 'retry' }
  | { readonly event: 'cancel'; readonly because: string };

/**
 * Call inside a transaction. @param row as it is now @param account who does it; `system` for the drain
 * @returns false where the table has no such way from its state: then nothing was done
 */
export function moveEntry(core: StationCore, row: OutboxRow, move: EntryMove, account = 'system'): boolean {
  const to = nextState(row.state, move.event);
  if (to === undefined || !core.ledger.outbox.move(row, to, changesOf(core, row, move))) return false;
  const evidence = evidenceOf(row, move);
  if (evidence)
    core.audit.append(core.identity, personOf(core.ledger, account, core.clock.read().at), {
      type: 'enrollment',
      data: { ...enrollmentSubject(core, row), ...evidence },
    });
  return true;
}

function changesOf(core: StationCore, row: OutboxRow, move: EntryMove): OutboxMove {
  const settled_at = core.clock.read().at;
  switch (move.event) {
    case 'take':
      return { attempts: row.attempts + 1, sent_at: move.at };
    case 'pack':
      return {
        attempts: row.attempts + 1,
        sent_at: move.at,
        detail: JSON.stringify(`in courier bundle ${move.bundle}`),
      };
    case 'requeue':
      return {
        not_before: move.notBefore,
        reason: null,
        detail: JSON.stringify(move.detail),
        settled_at: null,
      };
    case 'retry':
      return { not_before: 0, reason: null, detail: null, settled_at: null };
    case 'enrol':
      return { etag: move.etag ?? null, reason: null, detail: null, settled_at };
    case 'find-conflict':
      return { reason: move.reason, detail: JSON.stringify(move.theirs), settled_at };
    case 'quarantine':
      return { reason: move.reason, detail: JSON.stringify(move.detail), settled_at };
    case 'cancel':
      // What DPS had, or why it was set aside, stays to be read beside the decision.
      return { settled_at };
  }
}

type Evidence = Pick<
  EnrollmentData,
  'change' | 'how' | 'reason' | 'detail' | 'dpsHost' | 'because' | 'retired'
>;

function evidenceOf(row: OutboxRow, move: EntryMove): Evidence | undefined {
  switch (move.event) {
    case 'take':
    case 'pack':
    case 'requeue':
      return undefined;
    case 'enrol':
      return { change: 'enrolled', how: move.how, dpsHost: move.dpsHost };
    case 'find-conflict':
      return { change: 'conflict', reason: move.reason };
    case 'quarantine':
      return { change: 'quarantined', reason: move.reason, detail: move.detail };
    case 'retry':
      return { change: 'retried', ...(row.reason === null ? {} : { reason: row.reason }) };
    case 'cancel':
      return {
        change: 'cancelled',
        ...(row.reason === null ? {} : { reason: row.reason }),
        because: move.because,
      };
  }
}
