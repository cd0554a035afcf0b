/**
 * A person holds back what goes to DPS, and lets it go again: a setting of the ledger, so that every process on it obeys and
 * a restart changes nothing. What was on its way is still answered. Harvests go on and wait (rule O1). Each change is
 * an act with its evidence in one transaction (rules A1, S1).
 */
import type { DrainData } from '../../audit/entry-data.ts';
import { type Act, allowed } from '../act.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';

export interface DrainPause {
  /** Epoch milliseconds. */
  readonly since: number;
  /** What the person gave as the reason. */
  readonly reason: string;
}

/** Undefined while the drain sends. */
export function drainPauseOf({ ledger }: StationCore): DrainPause | undefined {
  const row = ledger.drainPause.get();
  return row && { since: row.since, reason: row.reason };
}

/** Where somebody paused it already, theirs stays. @throws StationError with an `AccessRefusalCode` */
export function pauseDrain(core: StationCore, act: Act): DrainPause {
  return core.ledger.transaction(() => {
    const { account, reason } = allowed(core, 'pause-drain', act);
    const since = core.clock.read().at;
    const person_id = personOf(core.ledger, account, since);
    if (core.ledger.drainPause.begin({ since, person_id, reason }))
      writeDown(core, person_id, { change: 'paused', because: reason });
    return drainPauseOf(core)!;
  });
}

/** Where nothing is paused, nothing is done. @throws StationError with an `AccessRefusalCode` */
export function resumeDrain(core: StationCore, act: Act): void {
  core.ledger.transaction(() => {
    const { account, reason } = allowed(core, 'pause-drain', act);
    const personId = personOf(core.ledger, account, core.clock.read().at);
    if (core.ledger.drainPause.end()) writeDown(core, personId, { change: 'resumed', because: reason });
  });
}

/** @throws StationError `drain-paused` */
export function refuseWhilePaused(core: StationCore): void {
  const pause = drainPauseOf(core);
  if (pause)
    throw new StationError('drain-paused', `since ${new Date(pause.since).toISOString()}: ${pause.reason}`);
}

function writeDown(core: StationCore, personId: string, data: DrainData): void {
  core.audit.append(core.identity, personId, { type: 'drain', data });
}
