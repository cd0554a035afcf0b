import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LedgerError } from '../../db/errors.ts';
import { type OutboxState, outboxStates, transitions } from '../../src/outbox/states.ts';
import { ledgerFor, noon, outboxRow, recordDevice } from './ledger-fixture.ts';

/** A way to each state from where entries begin. */
const leadingTo: Readonly<Record<OutboxState, readonly OutboxState[]>> = {
  queued: [],
  sending: ['sending'],
  enrolled: ['sending', 'enrolled'],
  conflict: ['sending', 'conflict'],
  quarantined: ['quarantined'],
  cancelled: ['cancelled'],
};

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
    ledger.transaction(() => {
      for (const row of ledger.outbox.due(10, noon)) ledger.outbox.move(row, 'sending');
    });
    assert.equal(ledger.outbox.nextDue(), noon + 500);
    assert.deepEqual(ids(ledger.outbox.inState('sending', 2)), entries.slice(0, 2));
    assert.equal(ledger.outbox.oldestWaiting(), noon);
  });

  it('O2 moves an entry from the state that was read, and says whether it did', t => {
    const ledger = ledgerFor(t);
    const { outbox } = recordDevice(ledger, 1);
    const now = () => ledger.outbox.get(outbox.entry_id)!;
    ledger.transaction(() => {
      assert.equal(ledger.outbox.move(outbox, 'sending', { attempts: 1, sent_at: noon }), true);
      assert.equal(ledger.outbox.move(outbox, 'sending', { attempts: 1 }), false, 'it is queued no more');
      assert.equal(
        ledger.outbox.move(now(), 'queued', { not_before: noon + 9, detail: '"throttled"' }),
        true,
      );
      assert.deepEqual(ledger.outbox.due(1, noon), []);
      assert.equal(ledger.outbox.move(now(), 'sending', { attempts: 2 }), true);
      assert.equal(
        ledger.outbox.move(now(), 'conflict', { reason: 'clone-elsewhere', settled_at: noon }),
        true,
      );
      assert.equal(ledger.outbox.oldestWaiting(), undefined);
      assert.equal(ledger.outbox.move(now(), 'queued', { reason: null, settled_at: null }), true);
    });
    assert.partialDeepStrictEqual(now(), {
      state: 'queued',
      attempts: 2,
      sent_at: noon,
      reason: null,
      settled_at: null,
    });
  });

  it('O2 O4 has the transitions of the table and no others, whoever asks', t => {
    const ledger = ledgerFor(t);
    const ways = (from: string, to: string) => transitions.some(way => way.from === from && way.to === to);
    let n = 0;
    for (const from of outboxStates)
      for (const to of outboxStates) {
        if (from === to) continue;
        const id = recordDevice(ledger, n++).outbox.entry_id;
        for (const state of leadingTo[from])
          ledger.transaction(() => assert.ok(ledger.outbox.move(ledger.outbox.get(id)!, state)));
        const row = ledger.outbox.get(id)!;
        assert.equal(row.state, from);
        const move = () => ledger.transaction(() => ledger.outbox.move(row, to));
        if (ways(from, to)) assert.equal(move(), true, `${from} ${to}`);
        else assert.throws(move, LedgerError, `${from} ${to}`);
      }
    assert.throws(() => recordDevice(ledger, n, { outbox: { state: 'enrolled' } }), LedgerError);
  });

  it('O3 keeps a settled entry as it is', t => {
    const ledger = ledgerFor(t);
    const { outbox } = recordDevice(ledger, 1);
    ledger.transaction(() => {
      ledger.outbox.move(outbox, 'sending');
      ledger.outbox.move(ledger.outbox.get(outbox.entry_id)!, 'enrolled', { etag: '"e"', settled_at: noon });
    });
    const settled = ledger.outbox.get(outbox.entry_id)!;
    assert.throws(() => ledger.transaction(() => ledger.outbox.move(settled, 'enrolled', { etag: 'f' })));
    assert.deepEqual(ledger.outbox.get(outbox.entry_id), settled);
    assert.partialDeepStrictEqual(settled, { state: 'enrolled', etag: '"e"', settled_at: noon });
  });

  it('holds an entry back until the one before it is settled, and hands the place on when that is cancelled', t => {
    const ledger = ledgerFor(t);
    const { device, outbox: first } = recordDevice(ledger, 1);
    const { device_id, harvest_id, registration_id } = device;
    const next = () => {
      const waits_for = ledger.outbox.newestUnsettled(registration_id, device_id) ?? null;
      const row = outboxRow({ device_id, harvest_id, registration_id, operation: 'update', waits_for });
      ledger.transaction(() => ledger.outbox.insert(row));
      return row;
    };
    const second = next();
    const third = next();
    assert.deepEqual([second.waits_for, third.waits_for], [first.entry_id, second.entry_id]);
    assert.deepEqual(ids(ledger.outbox.due(9, noon)), [first.entry_id]);
    assert.deepEqual([ledger.counts.outbox().queued, ledger.counts.outbox().held], [3, 2]);
    assert.throws(() => ledger.transaction(() => ledger.outbox.move(second, 'sending')), LedgerError);
    ledger.transaction(() => ledger.outbox.move(second, 'cancelled', { settled_at: noon }));
    assert.equal(ledger.outbox.get(third.entry_id)!.waits_for, first.entry_id);
    ledger.transaction(() => ledger.outbox.move(first, 'sending'));
    assert.equal(ledger.outbox.nextDue(), undefined);
    ledger.transaction(() => ledger.outbox.move(ledger.outbox.get(first.entry_id)!, 'enrolled'));
    assert.deepEqual(ids(ledger.outbox.due(9, noon)), [third.entry_id]);
    assert.equal(ledger.outbox.newestUnsettled(registration_id, 'another device'), third.entry_id);
    ledger.transaction(() => ledger.outbox.move(ledger.outbox.get(third.entry_id)!, 'sending'));
    ledger.transaction(() => ledger.outbox.move(ledger.outbox.get(third.entry_id)!, 'enrolled'));
    assert.equal(ledger.outbox.newestUnsettled(registration_id, device_id), undefined);
    assert.partialDeepStrictEqual(ledger.counts.outbox(), {
      queued: 0,
      held: 0,
      enrolled: 1,
      changed: 1,
      cancelled: 1,
    });
  });

  it('lists page by page, in all states or one', t => {
    const ledger = ledgerFor(t);
    const rows = [0, 1, 2, 3, 4].map(n => recordDevice(ledger, n));
    const all = rows.map(row => row.outbox.entry_id);
    ledger.transaction(() => {
      for (const n of [1, 4]) ledger.outbox.move(rows[n]!.outbox, 'sending');
    });
    assert.deepEqual(ids(ledger.outbox.list({ limit: 3 })), all.slice(0, 3));
    assert.deepEqual(ids(ledger.outbox.list({ limit: 3, after: all[2]! })), all.slice(3));
    assert.deepEqual(ids(ledger.outbox.list({ limit: 9, state: 'queued' })), [all[0], all[2], all[3]]);
    assert.deepEqual(ids(ledger.outbox.list({ limit: 9, state: 'sending', after: all[1]! })), [all[4]]);
    assert.deepEqual(ids(ledger.outbox.ofDevice(rows[2]!.device.device_id)), [all[2]]);
  });
});
