/**
 * Drains until nothing is due, for `sync --once`. Short faults (429, 500, a lost reply, a connection that breaks) are waited
 * out; it gives up after a bounded number of rounds in a row that brought no entry further, and at once where only a
 * person can mend it. Giving up loses nothing: what is not settled stays in the outbox.
 */
import { DpsError, type DpsErrorCode } from '../dps/errors.ts';
import { type FaultKind, faultKind, waitAfter } from './backoff.ts';
import { DrainDesk, type DrainSetting } from './drain-desk.ts';
import { probe } from './probe.ts';
import { drainRound } from './round.ts';
import type { DrainProgress } from './tally.ts';

export interface DrainOnceOptions extends DrainSetting {
  /** Given: nothing more is begun; what is on its way is awaited. */
  readonly signal?: AbortSignal;
}

export interface DrainReport extends DrainProgress {
  /** Why it ended early; absent when nothing was due any more. */
  readonly stopped?: { readonly code: DpsErrorCode; readonly hint: string };
}

/** Rounds in a row without headway. Unreachable: about 10 s; transient: about a minute. */
export const patience: Readonly<Record<FaultKind, number>> = { refused: 1, unreachable: 4, transient: 10 };
/** Entries due later than this are left for another time, and a longer Retry-After is not waited for. */
export const longestWaitMs = 120_000;
/** Before asking again about entries that the last round could not resolve. */
const unresolvedWaitMs = 1_000;

export async function drainOnce(options: DrainOnceOptions): Promise<DrainReport> {
  const desk = new DrainDesk(options);
  const signal = options.signal ?? new AbortController().signal;
  let fruitless = 0;
  let afterOutage = false;
  let lastFault: DpsError | undefined;
  while (!signal.aborted) {
    const before = desk.tally.headway;
    const fault: DpsError | undefined =
      (afterOutage ? await probe(desk.service) : undefined) ?? (await drainRound(desk, signal));
    const headway = desk.tally.headway > before;
    fruitless = headway ? 0 : fruitless + 1;
    lastFault = fault ?? (headway ? undefined : lastFault);
    afterOutage = fault !== undefined && faultKind(fault) === 'unreachable';
    const wait = fault ? waitAfter(fault, Math.max(fruitless, 1), desk.timing.random) : untilDue(desk);
    const spent = fruitless >= patience[fault ? faultKind(fault) : 'transient'];
    const refused = fault !== undefined && faultKind(fault) === 'refused';
    // Nothing queued is the end only where nothing is unresolved either.
    if (wait === undefined && desk.progress().remaining === 0) return desk.progress();
    if (spent || refused) return report(desk, lastFault ?? noHeadway());
    if (wait !== undefined && wait > longestWaitMs) return report(desk, lastFault);
    await desk.timing.sleep(wait ?? unresolvedWaitMs, signal);
  }
  return desk.progress();
}

/** Every answer was well-formed and none of them said anything certain about any entry. */
function noHeadway(): DpsError {
  return new DpsError('answer-malformed', 'DPS answers, but says nothing certain about what it was sent.');
}

/** Undefined when nothing is queued. */
function untilDue(desk: DrainDesk): number | undefined {
  const due = desk.store.nextDue();
  return due === undefined ? undefined : Math.max(due - desk.timing.now(), 0);
}

function report(desk: DrainDesk, fault: DpsError | undefined): DrainReport {
  const progress = desk.progress();
  return fault ? { ...progress, stopped: { code: fault.code, hint: fault.hint } } : progress;
}
