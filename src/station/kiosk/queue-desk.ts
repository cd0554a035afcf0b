/**
 * The outbox as a screen works with it: look, compare, send again, decide. A decision may bring id and PIN of who decides,
 * so that a supervisor can do it in place, whoever is signed in. Expected refusals are values with a code; anything thrown is a fault.
 */
import type { OutboxRow } from '../../../db/rows.ts';
import { outboxStates } from '../../outbox/states.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { CauseCode } from '../conflict-desk/causes.ts';
import { compareEntry, type EntryComparison } from '../conflict-desk/compare-entry.ts';
import type { Decision } from '../conflict-desk/decisions.ts';
import { type Resolution, resolveEntry } from '../conflict-desk/resolve-entry.ts';
import type { StationCore } from '../open-core.ts';
import { type CertificateDebt, entryOf, listCertificateDebt, type QueueEntry } from '../queue/queue.ts';
import { retryEntries } from '../queue/retry-entries.ts';
import { refusing } from './desk-answer.ts';

export type { CauseCode, CertificateDebt, Decision, EntryComparison, QueueEntry, Resolution };

export const queueStates = outboxStates;

export type DeskRefusalCode =
  | AccessRefusalCode
  | 'entry-unknown'
  | 'entry-not-waiting'
  | 'decision-unfit'
  | 'reason-invalid'
  | 'new-id-impossible'
  | 'dps-not-configured'
  | 'sign-in-key-missing';

export interface DeskRefusal {
  readonly ok: false;
  readonly code: DeskRefusalCode;
  /** In English, with what the code cannot say: how long a lock lasts, what is open. */
  readonly detail: string;
}

export type CompareAnswer = { readonly ok: true; readonly comparison: EntryComparison } | DeskRefusal;
export type RetryAnswer = { readonly ok: true } | DeskRefusal;
export type ResolveAnswer = { readonly ok: true; readonly resolution: Resolution } | DeskRefusal;

export interface QueuePage {
  readonly state: OutboxRow['state'];
  readonly limit: number;
  /** The entry that the page before ended with. */
  readonly after?: string;
}

export interface DebtPage {
  readonly limit: number;
  /** The device that the page before ended with. */
  readonly after?: string;
}

export interface DeskDecision {
  readonly entry: string;
  readonly decision: Decision;
  readonly reason: string;
  /** Who decides, where it is not who is signed in; the PIN is used and forgotten. */
  readonly by?: OneTimeSignIn | undefined;
}

export interface QueueDesk {
  /** In order of arrival. */
  list(page: QueuePage): readonly QueueEntry[] | Promise<readonly QueueEntry[]>;
  compare(input: { readonly entry: string }): CompareAnswer | Promise<CompareAnswer>;
  /** Decides nothing: DPS is asked again. */
  retry(input: { readonly entry: string }): RetryAnswer | Promise<RetryAnswer>;
  resolve(input: DeskDecision): Promise<ResolveAnswer>;
  /** Devices in certificate debt, oldest first. */
  debts(page: DebtPage): readonly CertificateDebt[] | Promise<readonly CertificateDebt[]>;
}

/** @param written there is something new in the outbox */
export function queueDesk(core: StationCore, hands: Hands, written: () => void): QueueDesk {
  return {
    list: page => {
      hands.account();
      return core.ledger.outbox.list(page).map(row => entryOf(core, row));
    },
    compare: ({ entry }) =>
      answer(() => {
        hands.account();
        return { ok: true, comparison: compareEntry(core, entry) } satisfies CompareAnswer;
      }),
    retry: ({ entry }) =>
      answer(() => {
        retryEntries(core, [entry], hands.account());
        written();
        return { ok: true } satisfies RetryAnswer;
      }),
    resolve: async ({ entry: entryId, decision, reason, by }) =>
      answer(async () => {
        const who = await hands.actor(by);
        const resolution = resolveEntry(core, { entryId, decision, reason }, who);
        written();
        return { ok: true, resolution } satisfies ResolveAnswer;
      }),
    debts: ({ limit, after }) => {
      hands.account();
      return listCertificateDebt(core, limit, after);
    },
  };
}

const refused = refusing(
  'entry-unknown',
  'entry-not-waiting',
  'decision-unfit',
  'reason-invalid',
  'new-id-impossible',
  'dps-not-configured',
);

async function answer<Done>(work: () => Done | Promise<Done>): Promise<Done | DeskRefusal> {
  try {
    return await work();
  } catch (error) {
    return refused(error);
  }
}
