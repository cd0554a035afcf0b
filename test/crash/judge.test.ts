/** The judge of `npm run crash` sees each way in which ledger, audit, DPS and what was said can part. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnrollmentCounts } from '../../scripts/crash/emulated-service.ts';
import { disagreements, remainders, type Situation, unwanted } from '../../scripts/crash/judge.ts';
import type { LedgerSnapshot, OutboxEntry } from '../../scripts/crash/ledger-snapshot.ts';
import { Witness } from '../../scripts/crash/witness.ts';

const entry: OutboxEntry = {
  entryId: 'e',
  registrationId: 'a',
  operation: 'create',
  state: 'enrolled',
  settledAt: 1,
  document: { attestation: { tpm: { endorsementKey: 'AA==' } } },
};
const counts: EnrollmentCounts = {
  registrationId: 'a',
  created: 1,
  overwritten: 0,
  repeatedCreates: 0,
  deleted: 0,
};
const ledger: LedgerSnapshot = {
  damage: [],
  devices: new Set(['a']),
  outbox: [entry],
  acknowledgements: new Map([['e', 1]]),
  leafHashes: [Buffer.from('1'), Buffer.from('2')],
  checkpoints: [{ size: 1, note: 'note' }],
  counts: [{ name: 'devices', kept: 1, real: 1 }],
  withoutEvidence: 0,
  verify: () => Promise.reject(new Error('not asked here')),
};

function situation(change: {
  readonly ledger?: Partial<LedgerSnapshot> | undefined;
  readonly counts?: Partial<EnrollmentCounts>;
  readonly enrollments?: readonly EnrollmentCounts[];
  readonly serviceIsLate?: boolean;
}): Situation {
  const witness = new Witness();
  witness.hear('{"verdict":"imported","registrationId":"a","serial":"S"}\n{"entryId":"e"}\nnot yet who');
  witness.remember(ledger);
  return {
    ledger: { ...ledger, ...change.ledger },
    service: { enrollments: change.enrollments ?? [{ ...counts, ...change.counts }], requests: 1 },
    witness,
    serviceIsLate: change.serviceIsLate ?? false,
  };
}

const queued = { outbox: [{ ...entry, state: 'queued' }], acknowledgements: new Map() };
const sending = { outbox: [{ ...entry, state: 'sending' }], acknowledgements: new Map() };
const other = { ...entry, registrationId: 'b', entryId: 'f', state: 'queued' };

const partings: readonly (readonly [RegExp, Parameters<typeof situation>[0]])[] = [
  [/damaged: page 3/, { ledger: { damage: ['page 3'] } }],
  [/lost: a was accepted/, { ledger: { outbox: [] } }],
  [/lost: entry e was accepted/, { ledger: { outbox: [{ ...entry, entryId: 'g' }] } }],
  [/e was acknowledged and is not any more/, { ledger: sending }],
  [/checkpoint of 1 entries is gone/, { ledger: { checkpoints: [] } }],
  [/no longer begins with the 2/, { ledger: { leafHashes: ledger.leafHashes.slice(0, 1) } }],
  [/no longer begins/, { ledger: { leafHashes: ledger.leafHashes.toReversed() } }],
  [/counts 2 devices and holds 1/, { ledger: { counts: [{ name: 'devices', kept: 2, real: 1 }] } }],
  [/1 attempts are not what/, { ledger: { withoutEvidence: 1 } }],
  [
    /DPS has b, and the ledger does not know it/,
    { enrollments: [counts, { ...counts, registrationId: 'b' }] },
  ],
  [/created twice: a, 2 times/, { counts: { created: 2 } }],
  [/overwritten: a, 1 times where 0/, { counts: { overwritten: 1 } }],
  [/deleted: a, 1 times where 0/, { counts: { deleted: 1 } }],
  [/sent again without asking: a/, { counts: { repeatedCreates: 1 } }],
  [/the ledger has it as queued/, { ledger: queued }],
  [/lost: a is acknowledged in the ledger, and DPS does not/, { enrollments: [] }],
  [/acknowledges it 2 times/, { ledger: { acknowledgements: new Map([['e', 2]]) } }],
  [/is enrolled, and the audit acknowledges it 0/, { ledger: { acknowledgements: new Map() } }],
  [/b is in the outbox without a device/, { ledger: { outbox: [entry, other] } }],
];

describe('the judge of npm run crash', () => {
  it('says nothing where all agree', () => {
    assert.deepEqual(disagreements(situation({})), []);
    assert.deepEqual(remainders(situation({})), []);
    const record = { registrationId: 'a', provisioningStatus: 'enabled', ...entry.document };
    assert.deepEqual(unwanted(situation({}), [record]), []);
  });

  for (const [what, change] of partings) {
    it(`sees: ${what.source}`, () => {
      assert.match(disagreements(situation(change)).join('\n'), what);
    });
  }

  it('lets a late service do what its sender gave up, and still only once', () => {
    const late = { serviceIsLate: true, counts: { repeatedCreates: 1 } };
    assert.deepEqual(disagreements(situation(late)), []);
    const twice = { serviceIsLate: true, counts: { created: 2 } };
    assert.match(disagreements(situation(twice)).join('\n'), /created twice/);
  });

  it('sees that there is no ledger any more', () => {
    const gone = { ...situation({}), ledger: undefined };
    assert.match(disagreements(gone).join('\n'), /no ledger, with 2 devices/);
  });

  it('sees at the end what is stuck, missing, or not as it is wanted', () => {
    assert.match(remainders(situation({ ledger: sending })).join('\n'), /stuck: the create of a is sending/);
    assert.match(remainders(situation({ enrollments: [] })).join('\n'), /has 1 as created, DPS counts 0/);
    assert.match(unwanted(situation({}), []).join('\n'), /lost: DPS has no a/);
    const record = { registrationId: 'a', provisioningStatus: 'disabled', ...entry.document };
    assert.match(unwanted(situation({}), [record]).join('\n'), /status disabled, wanted is enabled/);
    const gone = { ledger: { outbox: [entry, { ...entry, operation: 'delete', entryId: 'f' }] } };
    assert.match(unwanted(situation(gone), [record]).join('\n'), /was deleted, and DPS has it/);
  });
});
