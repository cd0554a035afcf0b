import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { nextState, type OutboxEvent, type OutboxState, transitions } from '../../../src/outbox/states.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { type EntryMove, moveEntry } from '../../../src/station/queue/move-entry.ts';
import fc from '../../property.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

const moves: Readonly<Record<OutboxEvent, EntryMove>> = {
  take: { event: 'take', at: 1 },
  pack: { event: 'pack', at: 1, bundle: 'b-1' },
  requeue: { event: 'requeue', notBefore: 2, detail: 'lost' },
  enrol: { event: 'enrol', how: 'acknowledged', etag: 'IjEi', dpsHost: 'dps.example' },
  'find-conflict': { event: 'find-conflict', reason: 'clone-elsewhere', theirs: { etag: 'IjEi' } },
  quarantine: { event: 'quarantine', reason: 'rejected-by-dps', detail: '400004' },
  retry: { event: 'retry' },
  cancel: { event: 'cancel', because: 'wrong lot' },
};
const change: Readonly<Partial<Record<OutboxEvent, string>>> = {
  enrol: 'enrolled',
  'find-conflict': 'conflict',
  quarantine: 'quarantined',
  retry: 'retried',
  cancel: 'cancelled',
};
const events = [...new Set(transitions.map(({ event }) => event))];

const act = (core: TestCore, entryId: string, event: OutboxEvent) =>
  core.ledger.transaction(() => moveEntry(core, core.ledger.outbox.get(entryId)!, moves[event]));
const changesOf = (core: TestCore) =>
  entriesOf(core)
    .filter(({ type }) => type === 'enrollment')
    .map(({ data }) => data.change);

describe('moveEntry', () => {
  it('O2 O4 goes the ways of the table in any order of events, each in the audit, over restarts in any state', t => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    let core = coreForTest({ folder });
    let n = 0;
    const restart = Symbol('restart');
    const script = fc.array(fc.constantFrom(restart, ...events), { maxLength: 25 });
    fc.assert(
      fc.property(script, steps => {
        n += 1;
        const { entryId } = recordAttempt(core, readAttempt(n, `SN-${n}`)).enrollment!;
        let state: OutboxState = 'queued';
        const audited = changesOf(core);
        for (const step of steps) {
          if (typeof step === 'symbol') {
            core.close();
            core = coreForTest({ folder });
          } else {
            const to = nextState(state, step);
            assert.equal(act(core, entryId, step), to !== undefined, `${step} in ${state}`);
            if (to !== undefined && change[step]) audited.push(change[step]);
            state = to ?? state;
          }
          assert.equal(core.ledger.outbox.get(entryId)!.state, state);
        }
        assert.deepEqual(changesOf(core), audited);
        const counted = { ...core.ledger.counts.outbox() };
        const sum = counted.queued + counted.sending + counted.enrolled + counted.conflict;
        assert.equal(sum + counted.quarantined + counted.cancelled, n);
      }),
      { numRuns: 60 },
    );
    core.close();
  });

  it('O1 leaves the entry as it is where its evidence cannot be written', () => {
    using core = coreForTest();
    const { entryId } = recordAttempt(core, readAttempt(1, 'SN-1')).enrollment!;
    const half = { ...moves.cancel, because: '\ud800' } as EntryMove;
    const row = core.ledger.outbox.get(entryId)!;
    assert.throws(() => core.ledger.transaction(() => moveEntry(core, row, half)));
    assert.deepEqual(core.ledger.outbox.get(entryId), row);
  });
});
