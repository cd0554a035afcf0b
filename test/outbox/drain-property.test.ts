import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DpsError } from '../../src/dps/errors.ts';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import type { OutboxEntry, Settlement } from '../../src/outbox/store.ts';
import fc from '../property.ts';
import { makeEntries, makeEntry } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';
import { Crash, type ScriptedFault, ScriptedService, scriptedFaults } from './scripted-service.ts';

/** Checks each settlement against the truth at the moment it is made. */
class WatchedStore extends MemoryStore {
  service: ScriptedService | undefined;

  override settle(settlements: readonly Settlement[]): void {
    for (const { kind, entryId } of settlements) {
      const { entry } = this.row(entryId);
      const there = this.service?.records.get(entry.registrationId);
      if (kind === 'enrolled')
        assert.deepEqual(there?.attestation, entry.document.attestation, 'acknowledged, so there');
    }
    super.settle(settlements);
  }
}

/** Runs as an operator would: again after every crash and every giving up. */
async function drainUntilDone(store: WatchedStore, service: ScriptedService): Promise<void> {
  store.service = service;
  for (let run = 0; run < 60 && store.waiting() > 0; run++) {
    const timing = new ManualTiming();
    await drainOnce({ store, service, timing }).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
  }
  assert.equal(store.waiting(), 0, 'everything was settled');
}

function assertOurs(entries: readonly OutboxEntry[], store: MemoryStore, service: ScriptedService): void {
  for (const entry of entries) {
    const { state, acknowledgements } = store.row(entry.entryId);
    assert.deepEqual([state, acknowledgements], ['enrolled', 1]);
    const record = service.records.get(entry.registrationId);
    assert.deepEqual(record?.optionalDeviceInformation, entry.document.optionalDeviceInformation);
  }
}

const script = fc.array(fc.constantFrom(...scriptedFaults), { maxLength: 40 });
const punctual = fc.array(fc.constantFrom(...scriptedFaults.filter(fault => fault !== 'late-work')), {
  maxLength: 40,
});
/** One entry at a time that only a refusal of its own request sets aside. */
const withoutRefusal = (faults: readonly ScriptedFault[]) =>
  faults.filter(fault => fault !== 'refused-as-whole');

describe('drainOnce under any order of faults', () => {
  it('O3 loses nothing, enrols nothing twice, and acknowledges only what is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 35 }), script, async (count, faults) => {
        const entries = makeEntries(count);
        const store = new WatchedStore(entries);
        const service = new ScriptedService(withoutRefusal(faults));
        await drainUntilDone(store, service);
        assertOurs(entries, store, service);
        assert.equal(service.records.size, count);
      }),
      { numRuns: 300 },
    );
  });

  it('O3 never sends again what is there: it asks first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), punctual, async (count, faults) => {
        const store = new WatchedStore(makeEntries(count));
        const service = new ScriptedService(
          withoutRefusal(faults).filter(fault => fault !== 'half-done-as-errors'),
        );
        await drainUntilDone(store, service);
        assert.equal(service.repeatedCreates, 0);
      }),
      { numRuns: 200 },
    );
  });

  it('O2 O4 leaves what others have as it is, and sets aside only with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), script, async (count, faults) => {
        const mine = makeEntries(count);
        const taken = makeEntries(3);
        const sameId = makeEntry({ registrationId: mine[0]!.registrationId });
        const store = new WatchedStore([...mine, ...taken, sameId]);
        const service = new ScriptedService(faults);
        const theirs = taken.map(({ registrationId }) => makeEntry({ registrationId }).document);
        for (const document of theirs) service.records.set(document.registrationId, { ...document });
        await drainUntilDone(store, service);
        for (const document of theirs) {
          assert.deepEqual(service.records.get(document.registrationId), document);
        }
        for (const { state, acknowledgements, settlement } of store.rows()) {
          assert.equal(acknowledgements, state === 'enrolled' ? 1 : 0);
          if (state === 'quarantined')
            assert.ok(settlement?.kind === 'quarantined' && settlement.detail !== '');
        }
        const ends = taken.map(({ entryId }) => store.row(entryId).state);
        assert.ok(ends.every(state => state === 'conflict' || state === 'quarantined'));
      }),
      { numRuns: 200 },
    );
  });

  it('is not held up by an entry at which the service breaks every time', async () => {
    const poison = makeEntry();
    const entries = [poison, ...makeEntries(30)];
    const store = new WatchedStore(entries);
    const service = new ScriptedService([]);
    store.service = service;
    const create = service.createMany.bind(service);
    service.createMany = async documents => {
      const hit = documents.some(document => document.registrationId === poison.registrationId);
      if (hit) throw new DpsError('server-error', 'broken', { status: 500 });
      return create(documents);
    };
    const report = await drainOnce({ store, service, timing: new ManualTiming() });
    assert.deepEqual([report.enrolled, report.remaining, report.stopped?.code], [30, 1, 'server-error']);
  });
});
