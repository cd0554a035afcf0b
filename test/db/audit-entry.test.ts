import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditRow, ledgerFor } from './ledger-fixture.ts';

describe('AuditEntryTable', () => {
  it('A4 lets the line go on writing while the log is read', t => {
    const ledger = ledgerFor(t);
    const append = (n: number) => ledger.transaction(() => ledger.audit.append(auditRow(`{"n":${n}}`)));
    for (let n = 0; n < 600; n++) append(n);
    const seen: number[] = [];
    for (const row of ledger.audit.iterate()) {
      seen.push(row.idx);
      assert.deepEqual(row.entry.toString(), `{"n":${row.idx}}`);
      if (row.idx % 100 === 0) append(600 + row.idx);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 600 }, (_, index) => index),
    );
    assert.equal(ledger.audit.size(), 606);
  });

  it('gives a part of the log, and its leaf hashes', t => {
    const ledger = ledgerFor(t);
    const rows = Array.from({ length: 9 }, (_, n) => auditRow(`{"n":${n}}`));
    ledger.transaction(() => rows.map(row => ledger.audit.append(row)));
    assert.deepEqual(
      [...ledger.audit.iterate(3, 6)].map(row => row.idx),
      [3, 4, 5],
    );
    assert.deepEqual(
      [...ledger.audit.leafHashes()],
      rows.map(row => row.leaf_hash),
    );
    assert.deepEqual(
      [...ledger.audit.leafHashes(2, 5)],
      rows.slice(2, 5).map(row => row.leaf_hash),
    );
    assert.deepEqual(ledger.audit.get(8)?.entry, rows[8]!.entry);
    assert.equal(ledger.audit.get(9), undefined);
  });
});
