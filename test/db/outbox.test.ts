import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ledgerFor, noon, recordDevice } from './ledger-fixture.ts';

const ids = (rows: readonly { entry_id: string }[]) => rows.map(row => row.entry_id);

describe('OutboxTable', () => {
  it('gives what is due, longest due first, in order of arrival', t => {
    const ledger = ledgerFor(t);
    const entries = [0, 1, 2, 3].map(n => recordDevice(ledger, n).outbox.entry_id);
    const later = recordDevice(ledger, 4, { outbox: { not_before: noon + 500 } }).outbox.entry_id;
    assert.deepEqual(ids(ledger.outbox.due(3, noon)), entries.slice(0, 3));
    assert.deepEqual(ids(ledger.outbox.due(10, noon)), entries);
    assert.deepEqual(ids(ledger.outbox.due(10, noon + 500)), [...entries, later]);
    assert.equal(ledger.outbox.nextDue(), 0);
    ledger.transaction(() => ledger.outbox.setSending(entries, noon));
    assert.equal(ledger.outbox.nextDue(), noon + 500);
    assert.deepEqual(ids(ledger.outbox.inState('sending', 2)), entries.slice(0, 2));
    assert.equal(ledger.outbox.oldestWaiting(), noon);
  });

  it('O2 moves entries only along their ways, and says whether it did', t => {
    const ledger = ledgerFor(t);
    const { outbox } = recordDevice(ledger, 1);
    const id = outbox.entry_id;
    const conflict = { state: 'conflict', reason: 'clone-elsewhere', detail: '{}', at: noon } as const;
    ledger.transaction(() => {
      assert.equal(ledger.outbox.requeue(id, { notBefore: 1, detail: null }), false);
      assert.equal(ledger.outbox.setSending([id, 'unknown'], noon), 1);
      assert.equal(ledger.outbox.setSending([id], noon), 0);
      assert.equal(ledger.outbox.requeue(id, { notBefore: noon + 9, detail: '"throttled"' }), true);
      assert.deepEqual(ledger.outbox.due(1, noon), []);
      assert.equal(ledger.outbox.setSending([id], noon + 9), 1);
      assert.equal(ledger.outbox.setAside(id, conflict), true);
      assert.equal(ledger.outbox.setAside(id, conflict), false);
      assert.equal(ledger.outbox.oldestWaiting(), undefined);
      assert.equal(ledger.outbox.requeue(id, { notBefore: 0, detail: null }), true);
      assert.partialDeepStrictEqual(ledger.outbox.get(id), {
        state: 'queued',
        attempts: 2,
        reason: null,
        settled_at: null,
      });
    });
  });

  it('O3 acknowledges an entry once, and it stays', t => {
    const ledger = ledgerFor(t);
    const id = recordDevice(ledger, 1).outbox.entry_id;
    ledger.transaction(() => {
      assert.equal(ledger.outbox.setEnrolled(id, { etag: '"e"', at: noon }), true);
      assert.equal(ledger.outbox.setEnrolled(id, { etag: '"f"', at: noon + 1 }), false);
      assert.equal(ledger.outbox.setSending([id], noon), 0);
      assert.equal(ledger.outbox.requeue(id, { notBefore: 0, detail: null }), false);
      const aside = { state: 'quarantined', reason: 'x', detail: null, at: noon } as const;
      assert.equal(ledger.outbox.setAside(id, aside), false);
    });
    assert.partialDeepStrictEqual(ledger.outbox.get(id), {
      state: 'enrolled',
      etag: '"e"',
      settled_at: noon,
    });
  });

  it('lists page by page, in all states or one', t => {
    const ledger = ledgerFor(t);
    const rows = [0, 1, 2, 3, 4].map(n => recordDevice(ledger, n));
    const all = rows.map(row => row.outbox.entry_id);
    ledger.transaction(() => ledger.outbox.setSending([all[1]!, all[4]!], noon));
    assert.deepEqual(ids(ledger.outbox.list({ limit: 3 })), all.slice(0, 3));
    assert.deepEqual(ids(ledger.outbox.list({ limit: 3, after: all[2]! })), all.slice(3));
    assert.deepEqual(ids(ledger.outbox.list({ limit: 9, state: 'queued' })), [all[0], all[2], all[3]]);
    assert.deepEqual(ids(ledger.outbox.list({ limit: 9, state: 'sending', after: all[1]! })), [all[4]]);
    assert.deepEqual(ids(ledger.outbox.ofDevice(rows[2]!.device.device_id)), [all[2]]);
  });
});
