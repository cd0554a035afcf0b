/**
 * Holds the ledger's logs against the checkpoints that were kept outside of it (rule A2). One that a log does not extend
 * means that the ledger was put back to an older state, or was changed; where a later log begins by citing it, that is on record.
 */
import type { Ledger } from '../../../db/ledger.ts';
import { auditTree } from './audit-tree.ts';
import { checkpointFilesOf, type OutsideCheckpoint } from './checkpoint-files.ts';
import { keyChainOf } from './log-keys.ts';

export interface Contradiction {
  readonly origin: string;
  /** Entries of the log in this ledger, and of the outside checkpoint. */
  readonly size: number;
  readonly outsideSize: number;
  readonly file: string;
  /** `missing`: the newest entries are not there; `changed`: entries are not those that were signed. */
  readonly kind: 'missing' | 'changed';
  /** A later log of this ledger begins by saying so. */
  readonly onRecord: boolean;
}

export interface OutsideView {
  readonly folder: string;
  /** Entries that the largest checkpoint of the current log covers there; null: there is none. */
  readonly size: number | null;
  readonly contradictions: readonly Contradiction[];
  /** Why the folder could not be read. */
  readonly fault?: string;
}

/** @param most days of each log to look at, newest first */
export function lookOutside(ledger: Ledger, folder: string, most = Number.POSITIVE_INFINITY): OutsideView {
  const contradictions: Contradiction[] = [];
  let size: number | null = null;
  const current = ledger.logs.current()!;
  try {
    for (const { log_id, origin } of ledger.logs.all()) {
      const chain = keyChainOf({ ledger }, log_id);
      const signed = checkpointFilesOf(folder, origin, most).filter(({ note }) => chain.openCheckpoint(note));
      if (log_id === current.log_id && signed.length > 0)
        size = Math.max(...signed.map(({ head }) => head.size));
      contradictions.push(...signed.flatMap(outside => contradiction(ledger, log_id, outside) ?? []));
    }
    return { folder, size, contradictions };
  } catch (error) {
    return { folder, size, contradictions, fault: (error as Error).message };
  }
}

/** The largest of this folder that the current log no longer reaches. */
export function rolledBackTo(ledger: Ledger, folder: string): OutsideCheckpoint | undefined {
  const { log_id, origin } = ledger.logs.current()!;
  const size = ledger.audit.size(log_id);
  try {
    const chain = keyChainOf({ ledger }, log_id);
    return checkpointFilesOf(folder, origin)
      .filter(({ note, head }) => head.size > size && chain.openCheckpoint(note))
      .toSorted((a, b) => b.head.size - a.head.size)[0];
  } catch {
    // A folder that cannot be read says nothing; `doctor` tells of it.
    return undefined;
  }
}

function contradiction(
  ledger: Ledger,
  logId: string,
  { file, note, head }: OutsideCheckpoint,
): Contradiction | undefined {
  const size = ledger.audit.size(logId);
  const kind = head.size > size ? 'missing' : 'changed';
  if (kind === 'changed' && auditTree(ledger, logId).rootHash(head.size).equals(head.rootHash))
    return undefined;
  const { origin } = head;
  return {
    origin,
    size,
    outsideSize: head.size,
    file,
    kind,
    onRecord: isOnRecord(ledger, logId, note, head.size),
  };
}

function isOnRecord(ledger: Ledger, logId: string, note: string, outsideSize: number): boolean {
  const logs = ledger.logs.all();
  const next = logs[logs.findIndex(log => log.log_id === logId) + 1];
  const first = next && ledger.audit.get(0, next.log_id);
  if (!first) return false;
  const { outsideCheckpoint } = JSON.parse(first.entry.toString()).data as { outsideCheckpoint?: string };
  // A smaller one of the same past says nothing more.
  return outsideCheckpoint === note || Number(outsideCheckpoint?.split('\n')[1] ?? 0) > outsideSize;
}
