import assert from 'node:assert/strict';
import { it } from 'node:test';
import { auditTree, fillTree, fillTreeSlice } from '../../../src/station/log/audit-tree.ts';
import { leaf, path, proof, treeHash } from '../../audit/rfc-tree.ts';
import { auditRow, ledgerFor, logRow } from '../../db/ledger-fixture.ts';

it('A1 roots and proofs of a ledger are the same before, while and after its subtrees are stored', t => {
  const ledger = ledgerFor(t);
  const leaves: Buffer[] = [];
  const grow = (count: number) =>
    ledger.transaction(() => {
      for (let n = 0; n < count; n += 1) {
        const row = auditRow(`{"n":${leaves.length}}`);
        ledger.audit.append(row);
        leaves.push(leaf(row.entry));
      }
    });
  const { log_id } = logRow;
  const compare = () => {
    const tree = auditTree(ledger, log_id);
    const size = leaves.length;
    assert.deepEqual(tree.rootHash(size), treeHash(leaves));
    assert.deepEqual(tree.inclusionProof(300, size), path(300, leaves));
    assert.deepEqual(tree.consistencyProof(777, size), proof(777, leaves));
  };
  grow(5000);
  compare();
  assert.equal(fillTreeSlice(ledger, log_id), true);
  assert.equal(ledger.subtrees.count(log_id, 8), 16);
  compare();
  fillTree(ledger, log_id);
  assert.equal(ledger.subtrees.count(log_id, 8), 19);
  compare();
  grow(61_000);
  fillTree(ledger, log_id);
  assert.deepEqual([ledger.subtrees.count(log_id, 8), ledger.subtrees.count(log_id, 16)], [257, 1]);
  compare();
});
