import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HarvestRow } from '../../db/rows.ts';
import { auditRow, harvestRow, ledgerFor, noon } from './ledger-fixture.ts';

const minute = 60_000;

describe('HarvestTable', () => {
  it('H4 keeps every attempt, also without a serial or a key', t => {
    const ledger = ledgerFor(t);
    const failed = harvestRow({
      serial: null,
      ek_sha256: null,
      registration_id: null,
      verdict: 'failed',
      code: 'cancelled',
    });
    ledger.transaction(() => {
      ledger.audit.append(auditRow('{}'));
      ledger.harvests.insert(failed);
    });
    assert.deepEqual(ledger.harvests.get(failed.harvest_id), failed);
    assert.deepEqual(ledger.harvests.newest(5), [failed]);
  });

  it('tells the first try of each serial within its product from the later ones, and leaves out what is no try', t => {
    const ledger = ledgerFor(t);
    const attempts: Partial<HarvestRow>[] = [
      { serial: 'A', verdict: 'passed', at: noon - 1 },
      { serial: 'A', verdict: 'failed', at: noon },
      { serial: 'A', verdict: 'passed', at: noon + 4 * minute },
      { serial: 'B', verdict: 'failed', code: 'bridge-timeout', at: noon + 5 * minute },
      { serial: 'B', verdict: 'retest', at: noon + 6 * minute },
      { serial: 'B', product: 'other', verdict: 'refused', at: noon + 7 * minute },
      { serial: null, verdict: 'failed', at: noon + 8 * minute },
      { serial: 'C', verdict: 'passed', at: noon + 14 * minute, origin: 'imported' },
      { serial: 'C', verdict: 'retest', at: noon + 9 * minute },
    ];
    assert.deepEqual([ledger.harvests.newestNumber(), ledger.harvests.firstSince(0)], [0, undefined]);
    ledger.transaction(() => {
      for (const attempt of attempts) {
        const audit_index = ledger.audit.append(auditRow(JSON.stringify(attempt)));
        ledger.harvests.insert(harvestRow({ ...attempt, audit_index, ek_sha256: attempt.serial ?? null }));
      }
    });
    assert.equal(ledger.harvests.newestNumber(), 9);
    assert.deepEqual(
      [ledger.harvests.firstSince(noon), ledger.harvests.firstSince(noon + 99 * minute)],
      [2, undefined],
    );
    const tried = (after: number, through: number) =>
      ledger.harvests
        .tried({ after, through, apart: ['bridge-*', 'cancelled'] })
        .map(({ verdict, first }) => `${verdict} ${first}`);
    // The one without contact is the serial's first as well; whoever counts sees by its code that it is no try.
    assert.deepEqual(tried(0, 6), ['passed 1', 'failed 0', 'passed 0', 'failed 1', 'retest 1', 'refused 1']);
    assert.deepEqual(tried(6, 99), ['failed 0', 'retest 1']);
    assert.equal(ledger.counts.harvests(), 9);
    assert.deepEqual(
      ledger.harvests.ofSerial('A').map(row => row.at),
      [noon + 4 * minute, noon, noon - 1],
    );
    assert.equal(ledger.harvests.ofEk('B').length, 3);
  });
});
