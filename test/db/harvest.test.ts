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

  it('counts a day: attempts, passes, serials that passed at first, and passes in each slot', t => {
    const ledger = ledgerFor(t);
    const attempts: Partial<HarvestRow>[] = [
      { serial: 'A', verdict: 'passed', at: noon - 1 },
      { serial: 'A', verdict: 'failed', at: noon },
      { serial: 'A', verdict: 'passed', at: noon + 4 * minute },
      { serial: 'B', verdict: 'passed', at: noon + 5 * minute },
      { serial: 'B', verdict: 'retest', at: noon + 6 * minute },
      { serial: 'B', product: 'other', verdict: 'refused', at: noon + 7 * minute },
      { serial: null, verdict: 'failed', at: noon + 8 * minute },
      { serial: 'C', verdict: 'passed', at: noon + 14 * minute },
      { serial: 'D', verdict: 'passed', at: noon + 9 * minute, origin: 'imported' },
    ];
    ledger.transaction(() => {
      for (const attempt of attempts) {
        const audit_index = ledger.audit.append(auditRow(JSON.stringify(attempt)));
        ledger.harvests.insert(harvestRow({ ...attempt, audit_index, ek_sha256: attempt.serial ?? null }));
      }
    });
    assert.deepEqual(ledger.harvests.tally(noon), { attempts: 7, passed: 3, serials: 4, passedAtFirst: 2 });
    assert.deepEqual(ledger.harvests.tally(noon + 99 * minute), {
      attempts: 0,
      passed: 0,
      serials: 0,
      passedAtFirst: 0,
    });
    assert.deepEqual(ledger.harvests.passesPerSlot(noon, 5 * minute, 4), [1, 1, 1, 0]);
    assert.equal(ledger.counts.harvests(), 9);
    assert.deepEqual(
      ledger.harvests.ofSerial('A').map(row => row.at),
      [noon + 4 * minute, noon, noon - 1],
    );
    assert.equal(ledger.harvests.ofEk('B').length, 3);
  });
});
