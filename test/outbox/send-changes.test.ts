/** Every operation on enrollments in the real emulator, through Microsoft's SDK, with replies lost and others at work. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { EnrollmentRecord, EnrollmentService } from '../../src/dps/service.ts';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import type { CreateEntry, OutboxEntry } from '../../src/outbox/store.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { makeChange, makeEntries, makeEntry } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';

let dps: EmulatedDps;
let service: EnrollmentService;

before(async () => {
  dps = await EmulatedDps.start();
  service = dps.connect({ deadlineMs: 2_000 });
});
beforeEach(() => dps.clearFaults());
after(() => dps.close());

async function drain(entries: readonly OutboxEntry[], through = service): Promise<MemoryStore> {
  const store = new MemoryStore(entries);
  const report = await drainOnce({ store, service: through, timing: new ManualTiming() });
  assert.equal(report.remaining, 0);
  return store;
}

const ends = (store: MemoryStore, entries: readonly OutboxEntry[]) =>
  entries.map(({ entryId }) => {
    const { state, settlement } = store.row(entryId);
    if (settlement?.kind === 'conflict') return settlement.reason;
    return settlement?.kind === 'enrolled' ? settlement.how : state;
  });

async function recordOf(entry: OutboxEntry): Promise<EnrollmentRecord> {
  const record = await service.get(entry.registrationId);
  assert.ok(record);
  return record;
}

async function countsOf(entry: CreateEntry) {
  const { enrollments } = await dps.state();
  const count = enrollments.find(({ registrationId }) => registrationId === entry.registrationId);
  return [count?.created, count?.overwritten, count?.repeatedCreates];
}

const disabled = { provisioningStatus: 'disabled' } as const;
const twin = (line: number) => ({ initialTwin: { tags: { line } } });

describe('changes of enrollments', () => {
  it('14 15 go strictly in order behind the create, each written once, and the harvest stays named', async () => {
    const created = makeEntry();
    const entries = [
      created,
      makeChange(created, 'update', { ...twin(1), capabilities: { iotEdge: true } }),
      makeChange(created, 'disable', disabled),
      makeChange(created, 'update', twin(2)),
      makeChange(created, 'enable', { provisioningStatus: 'enabled' }),
    ];
    const store = await drain(entries);
    assert.deepEqual(ends(store, entries), new Array(5).fill('acknowledged'));
    assert.partialDeepStrictEqual(await recordOf(created), {
      ...twin(2),
      capabilities: { iotEdge: true },
      provisioningStatus: 'enabled',
      optionalDeviceInformation: created.document.optionalDeviceInformation,
    });
    assert.deepEqual(await countsOf(created), [1, 4, 0]);
    const again = [makeChange(created, 'update', twin(2)), makeChange(created, 'delete')];
    assert.deepEqual(ends(await drain(again), again), ['already-there', 'acknowledged']);
    assert.equal(await service.get(created.registrationId), undefined);
    const gone = [makeChange(created, 'delete'), makeChange(created, 'disable', disabled)];
    assert.deepEqual(ends(await drain(gone), gone), ['already-there', 'gone-from-dps']);
    assert.deepEqual(await countsOf(created), [1, 4, 0]);
  });

  it('15 lets a delete and a create of one id follow each other, as after a board swap', async () => {
    const old = makeEntry();
    const fresh = makeEntry({ registrationId: old.registrationId, serial: old.serial });
    const entries = [old, makeChange(old, 'delete'), fresh];
    assert.deepEqual(ends(await drain(entries), entries), new Array(3).fill('acknowledged'));
    assert.deepEqual((await recordOf(fresh)).attestation, fresh.document.attestation);
  });

  for (const fault of ['reply-dropped', 'server-error', 'cut', 'throttled'] as const)
    it(`O3 resolves changes by asking under ${fault}: each written once, nothing done twice`, async () => {
      const created = makeEntries(24);
      await drain(created);
      const changes = created.map((entry, n) =>
        n % 3 === 0 ? makeChange(entry, 'delete') : makeChange(entry, 'disable', disabled),
      );
      await dps.arm({ kind: fault, probability: 0.3, seed: 3 });
      const store = await drain(changes);
      await dps.clearFaults();
      assert.ok(
        store.rows().every(({ state, acknowledgements }) => state === 'enrolled' && acknowledgements === 1),
      );
      for (const [n, entry] of created.entries()) {
        const record = await service.get(entry.registrationId);
        assert.equal(record?.provisioningStatus, n % 3 === 0 ? undefined : 'disabled');
        assert.deepEqual(await countsOf(entry), [1, n % 3 === 0 ? 0 : 1, 0]);
      }
    });

  it('16 looks again where somebody changes it in between, and never writes over what it has not seen', async () => {
    const created = makeEntry();
    await drain([created]);
    const change = makeChange(created, 'update', twin(5));
    const inner = dps.connect({ deadlineMs: 2_000 });
    let meddled = 0;
    const meddled_with: EnrollmentService = new Proxy(inner, {
      get(target, name) {
        if (name === 'updateMany' && meddled++ < 2)
          return async (...given: Parameters<EnrollmentService['updateMany']>) => {
            const { etag, ...theirs } = await recordOf(created);
            const document = { ...theirs, deviceId: `theirs-${meddled}` } as never;
            await service.updateMany([{ ...(document as object), etag } as never]);
            return inner.updateMany(...given);
          };
        return Reflect.get(target, name).bind(target);
      },
    });
    const store = await drain([change], meddled_with);
    assert.deepEqual(ends(store, [change]), ['acknowledged']);
    assert.partialDeepStrictEqual(await recordOf(created), { ...twin(5), deviceId: 'theirs-2' });
  });

  it('16 O2 leaves what is not ours as it is; a decision counts for the record that it was made on', async () => {
    const theirs = makeEntry();
    const ours = makeEntry({ registrationId: theirs.registrationId });
    await drain([theirs]);
    const before = await recordOf(theirs);
    const tries = [makeChange(ours, 'update', disabled)];
    assert.deepEqual(ends(await drain(tries), tries), ['other-endorsement-key']);
    const removal = [makeChange(ours, 'delete', {}, 'IjAi')];
    assert.deepEqual(ends(await drain(removal), removal), ['other-endorsement-key']);
    assert.deepEqual(await recordOf(theirs), before);
    const decided = [makeChange(ours, 'update', { ...ours.document }, String(before.etag))];
    assert.deepEqual(ends(await drain(decided), decided), ['acknowledged']);
    assert.partialDeepStrictEqual(await recordOf(theirs), { ...ours.document });
  });

  it('7 sets a change aside that DPS refuses, and goes on with the others of its request', async () => {
    const created = makeEntries(3);
    await drain(created);
    const changes = created.map((entry, n) =>
      makeChange(entry, 'update', n === 1 ? { iotHubs: ['hub.azure-devices.net'] } : twin(n)),
    );
    assert.deepEqual(ends(await drain(changes), changes), ['recognised', 'quarantined', 'recognised']);
  });
});
