/**
 * The audit log's tree as the ledger has it: roots and proofs from stored subtrees, which are filled behind the entries, so
 * that no record waits for them. Several processes may fill at once: each slice is one transaction that goes on where the
 * last one ended.
 */
import type { Ledger } from '../../../db/ledger.ts';
import { StoredTree, storedLevels } from '../../audit/stored-tree.ts';

/** Subtrees of 256 leaves that one transaction stores: some milliseconds. */
const slice = 16;

export function auditTree(ledger: Ledger, logId: string): StoredTree {
  return new StoredTree({
    size: ledger.audit.size(logId),
    leafHashes: (from, to) => ledger.audit.leafHashes(from, to, logId),
    subtrees: (level, from, to) => ledger.subtrees.range(logId, level, from, to),
  });
}

/** Stores the next subtrees whose leaves are all there. @returns whether there are more to store */
export function fillTreeSlice(ledger: Ledger, logId: string): boolean {
  return ledger.transaction(() => {
    const tree = auditTree(ledger, logId);
    const size = ledger.audit.size(logId);
    let left = slice;
    for (let level = storedLevels; 2 ** level <= size && left > 0; level += storedLevels) {
      const whole = Math.floor(size / 2 ** level);
      const first = ledger.subtrees.count(logId, level);
      const end = Math.min(whole, first + left);
      for (let number = first; number < end; number += 1)
        ledger.subtrees.insert({ log_id: logId, level, number, hash: tree.perfectSubtree(level, number) });
      left -= Math.max(0, end - first);
    }
    return left === 0;
  });
}

/** Until all is stored, or for so many milliseconds. */
export function fillTree(ledger: Ledger, logId: string, withinMs = Number.POSITIVE_INFINITY): void {
  const end = performance.now() + withinMs;
  while (fillTreeSlice(ledger, logId) && performance.now() < end);
}
