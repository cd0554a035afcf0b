/**
 * While a station runs: what its certificates name is fetched as it falls due, where the station is one that is online (it has
 * a key for DPS) and `trustFetch.automatic` does not say otherwise; and what is in debt is judged again whenever the trust store
 * knows more, also where it got there by hand.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LedgerError } from '../../../db/errors.ts';
import { DpsError } from '../../dps/errors.ts';
import { TrustError } from '../../trust/errors.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { fetchTrust } from './fetch-trust.ts';
import { judgeAgain } from './judge-again.ts';

const LOOK_EVERY_MS = 600_000;
/** A start has other things to do. */
const FIRST_LOOK_MS = 30_000;

export interface FetchSchedule {
  /** Ends a fetch that is under way; it is taken up at the next look. */
  close(): Promise<void>;
}

export function startTrustFetch(
  core: StationCore,
  { lookEveryMs = LOOK_EVERY_MS, firstLookMs = FIRST_LOOK_MS } = {},
): FetchSchedule {
  const ending = new AbortController();
  const { signal } = ending;
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
  const run = async () => {
    await rest(firstLookMs);
    while (!signal.aborted) {
      try {
        await look(core, signal);
      } catch (error) {
        refuseUnexpected(error);
      }
      await rest(lookEveryMs);
    }
  };
  const running = run();
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}

async function look(core: StationCore, signal: AbortSignal): Promise<void> {
  if (core.trust.store() === undefined) return;
  if (core.configuration.trustFetch.automatic && isOnline(core)) await fetchTrust(core, { signal });
  await judgeAgain(core, { signal });
}

function isOnline({ dps }: StationCore): boolean {
  try {
    return dps.access() !== null;
  } catch (error) {
    if (error instanceof DpsError || error instanceof StationError) return false;
    throw error;
  }
}

/** A full disk, a busy ledger, a folder that is away or another process that fetches: the next look tries again, and `doctor` says what is amiss. */
function refuseUnexpected(error: unknown): void {
  const isSystem = error instanceof Error && 'syscall' in error;
  const isKnown =
    error instanceof LedgerError || error instanceof StationError || error instanceof TrustError;
  if (!(isKnown || isSystem)) throw error;
}
