import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { retryAllEntries, retryEntries } from '../../../src/station/queue/retry-entries.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';

const account = 'os:test';
const ours = { host: 'ours.azure-devices-provisioning.net', idScope: null };

/** So many entries, set aside for another DPS. */
function setAside(count: number) {
  const core = coreForTest();
  const entries = Array.from({ length: count }, (_, n) => {
    const { enrollment } = recordAttempt(core, readAttempt(n, `SN-${n}`));
    return enrollment!.entryId;
  });
  const other = new Database(path.join(core.folder, 'ledger.sqlite'), { timeout: 0 });
  other.prepare('UPDATE outbox SET dps_host = ?').run('other.azure-devices-provisioning.net');
  const store = outboxStoreOf(core, ours);
  assert.deepEqual(store.take(10, Date.now()), []);
  return { core, other, store, entries };
}

describe('retryAllEntries', () => {
  it('O8 puts many back in transactions of their own, between which others write, and each only once', async () => {
    const { core, other, store, entries } = setAside(120);
    using _ = core;
    const retrying = retryAllEntries(core, { account });
    const queued = other.prepare("SELECT count(*) FROM outbox WHERE state = 'queued'").pluck();
    assert.equal(queued.get(), 100);
    other.exec('BEGIN IMMEDIATE; ROLLBACK');
    // As a drain of another process would, while it is still the wrong DPS.
    store.take(10, Date.now());
    assert.deepEqual(await retrying, entries);
    assert.equal(queued.get(), 20);
    other.close();
    const retried = entriesOf(core).filter(({ data }) => data.change === 'retried');
    assert.equal(retried.length, 120);
  });

  it('ends between two transactions when it is told to', async () => {
    const { core, other, entries } = setAside(101);
    using _ = core;
    other.close();
    const told = new AbortController();
    const retrying = retryAllEntries(core, { account, signal: told.signal });
    told.abort();
    assert.deepEqual(await retrying, entries.slice(0, 100));
    assert.equal(core.ledger.counts.outbox().quarantined, 1);
  });
});

describe('retryEntries', () => {
  it('puts all or none back', () => {
    const { core, other, entries } = setAside(2);
    using _ = core;
    other.close();
    assert.throws(() => retryEntries(core, [entries[0]!, 'nothing'], account), { code: 'entry-unknown' });
    assert.equal(core.ledger.counts.outbox().queued, 0);
    retryEntries(core, entries, account);
    assert.throws(() => retryEntries(core, entries, account), { code: 'entry-not-waiting' });
  });
});
