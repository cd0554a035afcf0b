import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { type AuditEntry, longestEntry, makeEntry } from '../../src/audit/entry.ts';
import { AuditError } from '../../src/audit/errors.ts';

const entry: AuditEntry = {
  origin: 'station-1/log-1',
  index: 3,
  at: Date.UTC(2026, 10, 20, 12, 0, 0, 7),
  bootId: '3f0a',
  monotonicMs: 1234,
  clock: 'unsynced',
  personId: 'p-1',
  rehearsal: true,
  type: 'export',
  data: { format: 'csv', size: 2, workOrder: 'W"1\n€' },
};
const invalid = (error: unknown) => error instanceof AuditError && error.code === 'entry-invalid';

describe('makeEntry', () => {
  it('A1 writes RFC 8785 bytes and their leaf hash', () => {
    const { bytes, leafHash } = makeEntry(entry);
    assert.equal(
      bytes.toString(),
      '{"at":"2026-11-20T12:00:00.007Z","bootId":"3f0a","clock":"unsynced","data":{"format":"csv","size":2,' +
        '"workOrder":"W\\"1\\n€"},"index":3,"monotonicMs":1234,"origin":"station-1/log-1","personId":"p-1",' +
        '"rehearsal":true,"type":"export","v":1}',
    );
    assert.deepEqual(leafHash, createHash('sha256').update(Buffer.of(0)).update(bytes).digest());
  });

  it('A1 refuses what has no certain JSON form', () => {
    const odd = [
      '\ud800',
      'a\udc00b',
      0.5,
      2 ** 53,
      Number.NaN,
      1n,
      new Date(0),
      () => 1,
      { toJSON: () => 1 },
    ];
    for (const value of odd) {
      const data = { format: 'csv', size: 2, odd: { deep: [value] } };
      assert.throws(() => makeEntry({ ...entry, data }), invalid, typeof value);
    }
    assert.throws(() => makeEntry({ ...entry, at: 1.5 }), invalid);
    assert.throws(
      () => makeEntry({ ...entry, data: { format: 'x'.repeat(longestEntry), size: 1 } }),
      invalid,
    );
  });
});
