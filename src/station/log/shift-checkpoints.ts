/**
 * While a station runs: stores the parts of the log's tree behind the entries, a little at a time, and makes a checkpoint
 * as often as a shift ends (rule A2), and one when the station is closed. The witnesses' folder may lie on a share that does
 * not answer: its copy is written beside everything else, one at a time, and nothing waits for it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LedgerError } from '../../../db/errors.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { fillTreeSlice } from './audit-tree.ts';
import { copyCheckpointFile } from './checkpoint-files.ts';
import { checkpointFolders } from './checkpoint-folders.ts';
import { keepCheckpointOfChange } from './keep-checkpoint.ts';
import { keyChainOf } from './log-keys.ts';

const LOOK_EVERY_MS = 60_000;
/** Between slices, so that whoever records finds the ledger free. */
const REST_MS = 50;
const HOUR_MS = 3_600_000;
/** For the last copy to the witnesses; what comes later than this is the next start's. */
const CLOSING_MS = 2000;

export interface ShiftCheckpoints {
  close(): Promise<void>;
}

export function startShiftCheckpoints(
  core: StationCore,
  { lookEveryMs = LOOK_EVERY_MS } = {},
): ShiftCheckpoints {
  const ending = new AbortController();
  const { signal } = ending;
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
  let copying: Promise<void> | undefined;
  const keep = () => {
    const [own, witness] = checkpointFolders(core);
    const kept = keepCheckpointOfChange(core, [own]);
    if (!kept || witness === undefined) return;
    // A share that cannot be written is told of by `doctor`.
    const keys = keyChainOf(core, core.identity.logId);
    copying ??= copyCheckpointFile(witness, kept.note, { keys, now: core.clock.read().at })
      .catch(() => undefined)
      .finally(() => {
        copying = undefined;
      });
  };
  const run = async () => {
    while (!signal.aborted) {
      try {
        while (!signal.aborted && fillTreeSlice(core.ledger, core.identity.logId)) await rest(REST_MS);
        if (!signal.aborted && isDue(core)) keep();
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
      try {
        keep();
      } catch (error) {
        refuseUnexpected(error);
      }
      await Promise.race([copying, pause(CLOSING_MS, undefined, { ref: false })]);
    },
  };
}

/** A full disk, a busy ledger or a keyring that is locked: who records says so, and the next look tries again. */
function refuseUnexpected(error: unknown): void {
  if (!(error instanceof LedgerError || error instanceof StationError)) throw error;
}

/** Whether the newest checkpoint of the log, or its beginning, is a shift old. */
function isDue({ ledger, identity, configuration, clock }: StationCore): boolean {
  const log = ledger.logs.current()!;
  const last = ledger.checkpoints.latest(identity.logId)?.made_at ?? log.started_at;
  // A clock that went back must not keep checkpoints away for years.
  return Math.abs(clock.read().at - last) >= configuration.audit.checkpointHours * HOUR_MS;
}
