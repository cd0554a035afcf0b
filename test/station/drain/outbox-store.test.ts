import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { retryAllEntries } from '../../../src/station/queue/retry-entries.ts';
import { coreForTest, entriesOf, readAttempt } from '../station-fixture.ts';

const ours = { host: 'ours.azure-devices-provisioning.net', idScope: '0ne1' };
const other = { host: 'other.azure-devices-provisioning.net', idScope: '0ne2' };
const connectionString = (host: string) =>
  `HostName=${host};SharedAccessKeyName=k;SharedAccessKey=${Buffer.alloc(32).toString('base64')}`;
const configured = {
  env: { KEYLINE_DPS_CONNECTION_STRING: connectionString(ours.host) },
  configuration: { dps: { idScope: ours.idScope } },
};

describe('outboxStoreOf', () => {
  it('O8 gives an entry its DPS when it is made and refuses to send it to another', async () => {
    using core = coreForTest(configured);
    const { enrollment } = recordAttempt(core, readAttempt(1, 'SN-1'));
    assert.deepEqual([enrollment!.dpsHost, enrollment!.idScope], [ours.host, ours.idScope]);
    assert.deepEqual(outboxStoreOf(core, other).take(10, Date.now()), []);
    const row = core.ledger.outbox.get(enrollment!.entryId)!;
    assert.deepEqual([row.state, row.reason], ['quarantined', 'other-dps']);
    assert.equal(entriesOf(core).at(-1)!.data.change, 'quarantined');
    await retryAllEntries(core, { account: 'os:test' });
    assert.equal(outboxStoreOf(core, ours).take(10, Date.now()).length, 1);
  });

  it('O8 tells id scopes of one host apart, where both are known', () => {
    using core = coreForTest(configured);
    recordAttempt(core, readAttempt(1, 'SN-1'));
    recordAttempt(core, readAttempt(2, 'SN-2'));
    assert.equal(outboxStoreOf(core, { host: ours.host, idScope: null }).take(1, Date.now()).length, 1);
    assert.equal(outboxStoreOf(core, { host: ours.host, idScope: '0neX' }).take(1, Date.now()).length, 0);
  });

  it('O8 keeps entries of another DPS from holding up the others', () => {
    using core = coreForTest();
    for (let n = 0; n < 25; n += 1) recordAttempt(core, readAttempt(n, `SN-${n}`));
    const raw = new Database(path.join(core.folder, 'ledger.sqlite'));
    raw.prepare('UPDATE outbox SET dps_host = ? WHERE number <= 24').run(other.host);
    raw.close();
    assert.equal(outboxStoreOf(core, ours).take(10, Date.now()).length, 1);
    assert.equal(core.ledger.counts.outbox().quarantined, 24);
  });

  it('O8 sets many aside in transactions of their own, so that a station can record between them', () => {
    using core = coreForTest();
    for (let n = 0; n < 25; n += 1) recordAttempt(core, readAttempt(n, `SN-${n}`));
    const raw = new Database(path.join(core.folder, 'ledger.sqlite'));
    raw.prepare('UPDATE outbox SET dps_host = ?').run(other.host);
    const committed = raw.prepare("SELECT count(*) FROM outbox WHERE state = 'quarantined'").pluck();
    const seen = new Set<unknown>();
    outboxStoreOf(core, ours, { onOtherDps: () => seen.add(committed.get()) }).take(10, Date.now());
    assert.deepEqual([...seen], [0, 10, 20]);
    raw.close();
  });

  it('O3 O8 finds its own unresolved entries behind those of another DPS', () => {
    using core = coreForTest();
    for (let n = 0; n < 25; n += 1) recordAttempt(core, readAttempt(n, `SN-${n}`));
    outboxStoreOf(core, ours).take(25, Date.now());
    const raw = new Database(path.join(core.folder, 'ledger.sqlite'));
    raw.prepare('UPDATE outbox SET dps_host = ? WHERE number <= 24').run(other.host);
    raw.close();
    assert.equal(outboxStoreOf(core, ours).unresolved(10).length, 1);
  });

  it('O8 gives an entry that was made without a DPS the one that is configured first, and says so in the audit', () => {
    using core = coreForTest();
    const { enrollment } = recordAttempt(core, readAttempt(1, 'SN-1'));
    assert.equal(enrollment!.dpsHost, null);
    assert.equal(outboxStoreOf(core, ours).take(10, Date.now()).length, 1);
    assert.equal(core.ledger.outbox.get(enrollment!.entryId)!.dps_host, ours.host);
    assert.deepEqual(
      [entriesOf(core).at(-1)!.data.change, entriesOf(core).at(-1)!.data.dpsHost],
      ['targeted', ours.host],
    );
  });

  it('O4 hands on a row that cannot be read, or names another key than its device, and keeps it', () => {
    using core = coreForTest();
    const broken = recordAttempt(core, readAttempt(1, 'SN-1')).enrollment!.entryId;
    const swapped = recordAttempt(core, readAttempt(2, 'SN-2')).enrollment!.entryId;
    const raw = new Database(path.join(core.folder, 'ledger.sqlite'));
    raw.prepare('UPDATE outbox SET document = ? WHERE entry_id = ?').run('{"registrationId":', broken);
    raw.exec(
      `UPDATE outbox SET document = replace(document, 'AToAAQ', 'AToAAQAA') WHERE entry_id = '${swapped}'`,
    );
    raw.close();
    const store = outboxStoreOf(core, ours);
    const taken = store.take(10, Date.now());
    assert.deepEqual(
      taken.map(item => item.kind),
      ['unreadable', 'unreadable'],
    );
    store.settle([{ kind: 'quarantined', entryId: broken, reason: 'unreadable', detail: 'not JSON' }]);
    assert.equal(core.ledger.outbox.get(broken)!.state, 'quarantined');
  });

  it('O7 frees what a clock that ran ahead put off, and puts nothing off for longer than an hour', () => {
    const tomorrow = Date.now() + 24 * 3_600_000;
    let now = tomorrow;
    const clock = { read: () => ({ at: now, bootId: 'b', monotonicMs: 0, clock: 'unsynced' as const }) };
    using core = coreForTest({ clock });
    const { entryId } = recordAttempt(core, readAttempt(1, 'SN-1')).enrollment!;
    const store = outboxStoreOf(core, ours);
    store.take(10, now);
    store.settle([{ kind: 'requeued', entryId, notBefore: now + 9 * 3_600_000, detail: 'throttled' }]);
    assert.equal(store.nextDue(), tomorrow + 3_600_000);
    assert.deepEqual(store.take(10, now), []);
    now = Date.now();
    assert.equal(store.nextDue(), now);
    assert.equal(store.take(10, now).length, 1);
  });

  it('O3 counts a second acknowledgement of the same entry as nothing', () => {
    using core = coreForTest();
    const { entryId } = recordAttempt(core, readAttempt(1, 'SN-1')).enrollment!;
    const store = outboxStoreOf(core, ours);
    store.take(10, Date.now());
    const settlement = { kind: 'enrolled', entryId, how: 'acknowledged' } as const;
    store.settle([settlement, settlement]);
    store.settle([{ kind: 'requeued', entryId, notBefore: 0, detail: 'late' }]);
    assert.equal(core.ledger.outbox.get(entryId)!.state, 'enrolled');
    assert.equal(entriesOf(core).filter(entry => entry.data.change === 'enrolled').length, 1);
  });
});
