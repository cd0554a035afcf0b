/**
 * All enrollments of DPS against all devices of the ledger: page by page through DPS, then page by page through the ledger
 * for what DPS did not show. Pages come in no order that means anything and enrollments change meanwhile, so that the walk
 * itself proves nothing missing and nothing changed: DPS is asked again about each enrollment that it seemed so of, with the
 * ledger looked at before and after.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReconciliationNotes } from '../../../db/reconciliation-notes.ts';
import { DpsError, type DpsErrorCode } from '../../dps/errors.ts';
import type { EnrollmentPage, EnrollmentRecord, EnrollmentService } from '../../dps/service.ts';
import { callPatiently } from '../../outbox/call-patiently.ts';
import { inParallel } from '../../outbox/in-parallel.ts';
import type { Timing } from '../../outbox/timing.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';
import type { Finding, ToldFinding } from './findings.ts';
import { type Judgement, judge } from './judge.ts';
import { type LedgerSide, ledgerSide } from './ledger-side.ts';
import type { ReconciliationTally } from './tally.ts';

export interface WalkSetting {
  readonly core: StationCore;
  readonly target: DpsTarget;
  readonly service: EnrollmentService;
  readonly notes: ReconciliationNotes;
  readonly tally: ReconciliationTally;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onFinding: (finding: ToldFinding) => void;
  readonly onProgress: () => void;
}

/** Smaller ones where DPS refuses the size, or where large twins make a page longer than is taken for an answer. */
const pageSizes = [1_000, 100, 10] as const;
/** What DPS refuses as invalid, and what is longer than any answer that is believed. */
const tooLargePerhaps: readonly DpsErrorCode[] = ['rejected', 'answer-malformed'];
/** Pages in a row that show nothing new: what answers goes in circles. Some are no fault: enrollments move meanwhile. */
const repeatsBelieved = 100;
/** Enrollments and devices that are compared before others of the process get a turn. */
const slice = 100;
const questionsAtOnce = 4;
/** Each is an operation of the budget: ten minutes of it. What is found beyond is told as not asked. */
const questionsInAll = 10_000;
/** The ledger changed while DPS was asked: ask again, so often at most. */
const looks = 3;

/** What may have become so while the walk went on; the others can only have been so before. */
const mayHaveChanged: ReadonlySet<Finding['kind']> = new Set<Finding['kind']>([
  'missing',
  'changed',
  'not-ours',
  'not-acknowledged',
  'not-deleted',
]);

export class Walk {
  readonly #setting: WalkSetting;
  #size = 0;

  constructor(setting: WalkSetting) {
    this.#setting = setting;
  }

  /** @throws DpsError where DPS could not be asked to the end; the signal's reason where it was given */
  async run(): Promise<void> {
    await this.#throughDps();
    await this.#throughLedger();
  }

  async #throughDps(): Promise<void> {
    const { tally, onProgress } = this.#setting;
    let continuation: string | undefined;
    let repeats = 0;
    do {
      const page = await this.#page(continuation);
      const isNew = await this.#comparePage(page.records);
      tally.counts.pages += 1;
      onProgress();
      repeats = isNew ? 0 : repeats + 1;
      if (repeats >= repeatsBelieved)
        throw new DpsError('answer-malformed', 'DPS shows the same enrollments again and again.');
      continuation = page.continuation;
    } while (continuation !== undefined);
  }

  /** @returns whether there was one that was not shown before */
  async #comparePage(records: readonly EnrollmentRecord[]): Promise<boolean> {
    const { tally, notes } = this.#setting;
    const readable = records.filter(({ registrationId: id }) => typeof id === 'string' && id !== '');
    tally.counts.unreadable += records.length - readable.length;
    const fresh = notes.see(readable.map(idOf));
    const isNew = fresh.size > 0;
    tally.counts.enrollments += fresh.size;
    for (let from = 0; from < readable.length; from += slice) {
      // Of one that a page shows twice, the first counts.
      const part = readable.slice(from, from + slice).filter(record => fresh.delete(idOf(record)));
      await this.#compare(part.map(record => ({ id: idOf(record), record })));
    }
    return isNew;
  }

  async #throughLedger(): Promise<void> {
    const { core, target, tally, notes, onProgress } = this.#setting;
    for (let after: string | undefined; ; ) {
      const page = core.ledger.devices.oldest(slice, after);
      after = page.at(-1)?.device_id;
      if (after === undefined) return;
      const inForce = page.filter(({ retired_at }) => retired_at === null);
      tally.counts.devices += inForce.length;
      const unseen = inForce
        .map(device => device.registration_id)
        .filter(id => !notes.wasSeen(id) && ledgerSide(core, target, id).kind === 'enrolled');
      await this.#compare(unseen.map(id => ({ id, record: undefined })));
      onProgress();
    }
  }

  async #compare(
    pairs: readonly { readonly id: string; readonly record: EnrollmentRecord | undefined }[],
  ): Promise<void> {
    const { core, target, signal } = this.#setting;
    const suspects: { readonly id: string; readonly judgement: Judgement }[] = [];
    for (const { id, record } of pairs) {
      const judgement = judge(core, ledgerSide(core, target, id), record);
      const isSuspect = judgement.outcome === 'finding' && mayHaveChanged.has(judgement.finding.kind);
      if (isSuspect) suspects.push({ id, judgement });
      else this.#count(judgement, false);
    }
    await inParallel(questionsAtOnce, suspects, async ({ id, judgement }) => {
      const asked = await this.#askAgain(id);
      this.#count(asked ?? judgement, asked !== undefined);
    });
    await nextTurn();
    signal.throwIfAborted();
  }

  /** @returns undefined where too many were asked about already */
  async #askAgain(id: string): Promise<Judgement | undefined> {
    const { core, target, tally } = this.#setting;
    let side = ledgerSide(core, target, id);
    for (let look = 1; ; look += 1) {
      if (tally.counts.asked >= questionsInAll) return undefined;
      tally.counts.asked += 1;
      const record = await this.#ask(id);
      const now = ledgerSide(core, target, id);
      if (isSameSide(side, now)) return judge(core, now, record);
      // Whatever moves so often is being worked on.
      if (look === looks) return { outcome: 'under-way' };
      side = now;
    }
  }

  async #ask(id: string): Promise<EnrollmentRecord | undefined> {
    try {
      return await this.#patiently(() => this.#setting.service.get(id), ['rejected']);
    } catch (error) {
      // An id that DPS refuses to look up can never have been created.
      if (error instanceof DpsError && error.code === 'rejected') return undefined;
      throw error;
    }
  }

  async #page(continuation: string | undefined): Promise<EnrollmentPage> {
    const { service } = this.#setting;
    for (let garbled = 0; ; ) {
      const size = pageSizes[this.#size]!;
      const mayShrink = this.#size + 1 < pageSizes.length;
      try {
        return await this.#patiently(
          () => service.page(size, continuation),
          mayShrink ? tooLargePerhaps : ['rejected'],
        );
      } catch (error) {
        if (!(error instanceof DpsError && mayShrink && tooLargePerhaps.includes(error.code))) throw error;
        if (error.code === 'answer-malformed') garbled += 1;
        // Once may be a fault on the way.
        if (garbled === 1) continue;
        garbled = 0;
        this.#size += 1;
      }
    }
  }

  async #patiently<T>(work: () => Promise<T>, final: readonly DpsErrorCode[] = []): Promise<T> {
    const { timing, signal } = this.#setting;
    signal.throwIfAborted();
    return callPatiently(work, { timing, signal, final });
  }

  #count(judgement: Judgement, asked: boolean): void {
    const { tally, onFinding } = this.#setting;
    const { counts } = tally;
    switch (judgement.outcome) {
      case 'finding':
        tally.found(judgement.finding);
        onFinding({ ...judgement.finding, asked });
        return;
      case 'agrees':
        counts.agree += 1;
        return;
      case 'under-way':
        counts.underWay += 1;
        return;
      case 'stopped':
        counts.waitForPerson += 1;
        return;
      case 'elsewhere':
        counts.otherDps += 1;
        return;
      case 'other-station':
        tally.ofStation(judgement.stationId);
        return;
    }
  }
}

/** DPS compares ids without case. */
function idOf(record: EnrollmentRecord): string {
  return String(record.registrationId).toLowerCase();
}

/** Everything that a side holds are rows and what is folded of them: plain data. */
function isSameSide(one: LedgerSide, other: LedgerSide): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
