/**
 * How long the outbox will take to empty, from what every process on the ledger can see: its counts, and in the audit log
 * when DPS took enrollments lately. At most the newest thousand entries are read, however long the log is.
 */
import { paceOf } from '../dps/dps-pace.ts';
import type { StationCore } from '../open-core.ts';

export interface DrainForecast {
  /** Entries that must still reach DPS. */
  readonly waiting: number;
  /** Of the oldest of them. */
  readonly oldestAgeMs: number | null;
  /** Enrollments that DPS took, a minute, over the last minute or since it began to take them again. */
  readonly perMinute: number;
  /** 0 where nothing waits; null where nothing can be said, or all of it waits behind entries for a person. */
  readonly emptyInMs: number | null;
  /**
   * What sets the pace: nothing waits; a person must decide on the entries that all of it waits behind; a person paused it;
   * DPS is out of reach; DPS's own speed; or the budget of operations.
   */
  readonly limitedBy: 'nothing' | 'person' | 'pause' | 'connection' | 'service' | 'budget';
}

const lateMs = 60_000;
const shortestMs = 5_000;
const newest = 1_000;
/** Above this share of what the budget allows it is the budget that limits. */
const nearBudget = 0.8;
const bulk = 10;

/**
 * Whether DPS answers whoever drains. `elsewhere`: another process does, or may, and knows; here only what it did lately
 * tells.
 */
export type DpsReach = 'online' | 'out-of-reach' | 'elsewhere';

/** Nothing is promised while nothing can be sent, however fast it went until then. */
export function forecastDrain(core: StationCore, reach: DpsReach): DrainForecast {
  const { ledger } = core;
  const now = core.clock.read().at;
  const { queued, sending, held } = ledger.counts.outbox();
  const waiting = queued + sending;
  const oldestAt = ledger.outbox.oldestWaiting();
  const perMinute = perMinuteLately(core, now);
  const known = {
    waiting,
    oldestAgeMs: oldestAt === undefined ? null : Math.max(now - oldestAt, 0),
    perMinute,
  };
  if (waiting === 0) return { ...known, emptyInMs: 0, limitedBy: 'nothing' };
  // Everything is behind an entry in conflict or quarantine: no pace brings it further.
  if (waiting === held) return { ...known, emptyInMs: null, limitedBy: 'person' };
  if (ledger.drainPause.get()) return { ...known, emptyInMs: null, limitedBy: 'pause' };
  if (reach === 'out-of-reach' || (reach === 'elsewhere' && perMinute === 0))
    return { ...known, emptyInMs: null, limitedBy: 'connection' };
  const { budget } = paceOf(core);
  const most = (budget.perMinute / budget.costOfBulk(bulk)) * bulk;
  // Where it has just begun, the budget is all that is known.
  const expected = perMinute === 0 ? most : Math.min(perMinute, most);
  return {
    ...known,
    emptyInMs: Math.round((waiting * 60_000) / expected),
    limitedBy: expected >= nearBudget * most ? 'budget' : 'service',
  };
}

function perMinuteLately({ ledger }: StationCore, now: number): number {
  const size = ledger.audit.size();
  let taken = 0;
  let since: number | undefined;
  for (const { entry } of ledger.audit.iterate(Math.max(size - newest, 0), size)) {
    // Rests in an archive.
    if (entry.length === 0) continue;
    const { at, type, data } = JSON.parse(entry.toString('utf8'));
    if (type !== 'enrollment' || data.change !== 'enrolled') continue;
    const time = Date.parse(at);
    if (time <= now - lateMs || time > now) continue;
    taken += 1;
    since ??= time;
  }
  return since === undefined ? 0 : Math.round((taken * 60_000) / Math.max(now - since, shortestMs));
}
