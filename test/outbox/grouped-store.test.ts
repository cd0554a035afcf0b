import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GroupedStore } from '../../src/outbox/grouped-store.ts';
import type { OutboxEntry, Settlement, TakenEntry } from '../../src/outbox/store.ts';
import { makeEntries } from './entries.ts';
import { MemoryStore } from './memory-store.ts';

/** Writes down the size of each transaction. */
class CountedStore extends MemoryStore {
  readonly takes: number[] = [];
  readonly settles: number[] = [];
  full = false;

  override take(limit: number, now: number): readonly TakenEntry[] {
    const taken = super.take(limit, now);
    this.takes.push(taken.length);
    return taken;
  }

  override settle(settlements: readonly Settlement[]): void {
    if (this.full) throw new Error('disk full');
    this.settles.push(settlements.length);
    super.settle(settlements);
  }
}

const turn = () => new Promise(resolve => setImmediate(resolve));
const idOf = (item: TakenEntry) => (item.kind === 'entry' ? item.entry.entryId : item.entryId);
const enrolled = (taken: readonly TakenEntry[]): Settlement[] =>
  taken.map(item => ({ kind: 'enrolled', entryId: idOf(item), how: 'acknowledged' }));
const requeued = (entry: OutboxEntry): Settlement => ({
  kind: 'requeued',
  entryId: entry.entryId,
  notBefore: 0,
  detail: '',
});

describe('GroupedStore', () => {
  it('O5 takes for all requests in one transaction, and settles in one what is settled in one turn', async () => {
    const store = new CountedStore(makeEntries(80));
    const grouped = new GroupedStore(store, () => 4);
    const batches = [1, 2, 3, 4].map(() => grouped.take(10, 0));
    assert.deepEqual([store.takes, batches.flat().length], [[40], 40]);
    for (const batch of batches) grouped.settle(enrolled(batch));
    assert.deepEqual(store.settles, [], 'behind the requests of this turn');
    await turn();
    assert.deepEqual([store.settles, store.takes], [[40], [40, 40]]);
  });

  it('settles so few in one turn that answers are not held up, and the rest in the next ones', async () => {
    const store = new CountedStore(makeEntries(240));
    const grouped = new GroupedStore(store, () => 24);
    grouped.settle(enrolled(grouped.take(240, 0)));
    for (let turns = 0; turns < 4; turns++) await turn();
    assert.deepEqual(store.settles, [100, 100, 40]);
  });

  it('shows what was settled to whoever asks, at once', () => {
    const [first, second, third] = makeEntries(3);
    const store = new MemoryStore([first!, second!, third!]);
    const grouped = new GroupedStore(store, () => 2);
    const taken = grouped.take(3, 0);
    grouped.settle(enrolled(taken.slice(0, 1)));
    assert.equal(grouped.waiting(), 2);
    grouped.settle([requeued(second!)]);
    assert.deepEqual(grouped.take(3, 0).map(idOf), [second!.entryId]);
    assert.deepEqual(grouped.unresolved(9).map(idOf), [second!.entryId, third!.entryId]);
  });

  it('O3 gives back what it took ahead, in its place, and leaves in sending what may be on the wire', () => {
    const entries = makeEntries(30);
    const store = new MemoryStore(entries);
    const grouped = new GroupedStore(store, () => 3);
    const sent = grouped.take(10, 0).map(idOf);
    assert.ok(store.rows().every(row => row.state === 'sending'));
    grouped.endRound();
    for (const { entry, state, notBefore } of store.rows())
      assert.deepEqual([state, notBefore], [sent.includes(entry.entryId) ? 'sending' : 'queued', 0]);
  });

  it('hands on what the store threw in its absence, and goes on', async () => {
    const store = new CountedStore(makeEntries(20));
    const grouped = new GroupedStore(store, () => 1);
    const taken = grouped.take(10, 0);
    store.full = true;
    grouped.settle(enrolled(taken));
    await turn();
    store.full = false;
    assert.throws(() => grouped.take(10, 0), /disk full/);
    const asked = grouped.unresolved(50).map(idOf);
    assert.ok(
      taken.map(idOf).every(id => asked.includes(id)),
      'not written down, so asked about',
    );
  });
});
